import type { FaultSwitch } from './message.ts'

/** What can be broken in a cloud, which is a sandbox then. */
export type FaultBoard = {
  /** In the order of the help. */
  list(): readonly FaultSwitch[]
  /**
   * Switches one on, anew where it is on; with its usual value unless another is given.
   *
   * @throws OsrunError USAGE_INVALID for a name that there is not, and for a value that it does not take
   */
  on(name: string, value: string | undefined): void
  off(name: string): void
  /** Calls whenever one is switched, by whomever, or is over, until it is disposed of. */
  watch(onChange: () => void): Disposable
}
