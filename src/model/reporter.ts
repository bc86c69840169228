import type { SafeEvent } from './event.ts'

/** Where a reporter writes, and what that place can show. */
export type Output = {
  write(text: string): void
  readonly isTerminal: boolean
  /** The terminal on which a line may move; standard error unless given. */
  readonly live?: NodeJS.WritableStream
  readonly color: boolean
  /** Columns; 80 where unknown. */
  readonly width: number
}

/**
 * What a user asked to see: `quiet` failures and the last line, `brief` a line for each recipe too, and the curl lines of what
 * failed, `normal` every step, then headers, then bodies as well.
 */
export type Verbosity = 'quiet' | 'brief' | 'normal' | 'headers' | 'bodies'

/** Settings that reporters obey. */
export type ReportOptions = {
  readonly verbosity: Verbosity
  readonly curl: boolean
  /** How many recipes are to run, where it is known. */
  readonly recipes?: number
}

/** Consumes the events of one or many runs and writes a report. */
export type Reporter = (
  events: AsyncIterable<SafeEvent>,
  output: Output,
  options: ReportOptions,
) => Promise<void>

/** One entry of the registry of `--report KIND=PATH`. */
export type ReportKind = {
  readonly kind: string
  readonly summary: string
  /** On standard output each event is told as it happens, and not all of them at the end. */
  readonly isLive?: true
  /** The exit status in the report's own convention, where it has one. */
  readonly toExit?: (exit: number) => number
  /** Somebody else reads the file, and there are numbers and names alone in it. */
  readonly isForOthers?: true
  /** Loads the reporter when it is first used. */
  load(): Promise<Reporter>
}
