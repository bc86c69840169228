import type { RunOptions } from '../../src/library/index.ts'

/** A clock that stands still but for waiting, which takes no time, from now on unless told; it remembers the waits, in milliseconds. */
export function skippingClock(start = Date.now()): Required<Pick<RunOptions, 'now' | 'wait'>> & {
  readonly waits: readonly number[]
} {
  let time = start
  const waits: number[] = []
  return {
    waits,
    now: () => time,
    async wait(milliseconds, signal) {
      if (signal.aborted) throw signal.reason
      waits.push(milliseconds)
      time += milliseconds
    },
  }
}
