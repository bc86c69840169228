import type { RunOptions } from '../../src/index.ts'

/** A clock that is moved on by waiting, which takes no time; it remembers the waits, in milliseconds. */
export function skippingClock(): Required<Pick<RunOptions, 'now' | 'wait'>> & {
  readonly waits: readonly number[]
} {
  let skipped = 0
  const waits: number[] = []
  return {
    waits,
    now: () => Date.now() + skipped,
    async wait(milliseconds, signal) {
      if (signal.aborted) throw signal.reason
      waits.push(milliseconds)
      skipped += milliseconds
    },
  }
}
