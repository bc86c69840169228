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
  const interrupt = (): void => {
    if (options.signal !== undefined) controller.abort(interruptionOf(options.signal))
  }
  if (options.signal?.aborted === true) interrupt()
  else options.signal?.addEventListener('abort', interrupt, { once: true })
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
      options.signal?.removeEventListener('abort', interrupt)
    },
  }
}
