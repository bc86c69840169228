import type { Participant } from './participants.ts'

/** What the board's server tells the teacher's page, as often as something changes. */
export type BoardMessage = {
  /** What participants give to `--board`. */
  readonly join: string
  readonly participants: readonly Participant[]
  /** The server's time, in milliseconds since 1970. */
  readonly now: number
}
