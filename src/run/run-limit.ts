import { OsrunError } from '../model/problem.ts'
import { interruptionOf } from './interruption.ts'

/** What ends a run before its last step. */
export type RunLimits = {
  readonly signal?: AbortSignal
  /** Milliseconds. */
  readonly deadline?: number
}

/** A signal that aborts, with an OsrunError as its reason, when the caller's does or when the deadline passes. */
export function limitRun(options: RunLimits): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController()
  // A signal of its own: Node warns of a leak when many runs at once listen to the caller's.
  const signal = options.signal && AbortSignal.any([options.signal])
  const interrupt = (): void => {
    if (signal !== undefined) controller.abort(interruptionOf(signal))
  }
  if (signal?.aborted === true) interrupt()
  else signal?.addEventListener('abort', interrupt, { once: true })
  const timer =
    options.deadline === undefined
      ? undefined
      : setTimeout(
          () =>
            controller.abort(
              new OsrunError('DEADLINE_PASSED', 'The deadline passed before the run had ended.'),
            ),
          options.deadline,
        )
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', interrupt)
    },
  }
}
