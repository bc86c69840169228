import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import { interruptionOf } from '../interruption.ts'

/** What ends a run before its last step. */
export type RunLimits = {
  readonly signal?: AbortSignal
  /** Milliseconds. */
  readonly deadline?: number
}

/** What ends a run, and how its deadline stands still. */
export type RunLimit = Disposable & {
  readonly signal: AbortSignal
  /** Stops the deadline's clock; what it gives back starts it again. */
  hold(): () => void
}

/** A signal that aborts, with an OsrunError as its reason, when the caller's does or when the deadline passes. */
export function limitRun(options: RunLimits): RunLimit {
  const controller = new AbortController()
  // A signal of its own: Node warns of a leak when many runs at once listen to the caller's.
  const signal = options.signal && AbortSignal.any([options.signal])
  const interrupt = (): void => {
    if (signal !== undefined) controller.abort(interruptionOf(signal))
  }
  if (signal?.aborted === true) interrupt()
  else signal?.addEventListener('abort', interrupt, { once: true })
  let left = options.deadline
  let started = 0
  let timer: NodeJS.Timeout | undefined
  const start = (): void => {
    if (left === undefined) return
    started = performance.now()
    timer = setTimeout(
      () =>
        controller.abort(
          new OsrunError('DEADLINE_PASSED', phrase`The deadline passed before the run had ended.`),
        ),
      left,
    )
  }
  start()
  return {
    signal: controller.signal,
    hold() {
      clearTimeout(timer)
      if (left !== undefined) left = Math.max(0, left - (performance.now() - started))
      return start
    },
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', interrupt)
    },
  }
}
