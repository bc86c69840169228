import { OsrunError } from '../model/problem.ts'
import type { Io } from './io.ts'

/** The signals that end a run: the first one cleans up, a second one stops at once. */
export type Interrupts = Disposable & {
  readonly signal: AbortSignal
  readonly abortCleanup: AbortSignal
  /** Leaves SIGINT to another program, which has the terminal, until it is disposed of. */
  hold(): Disposable
}

/** Listens to SIGINT, SIGTERM and SIGHUP until it is disposed of. */
export function listenForInterrupts({ signals }: Pick<Io, 'signals'>): Interrupts {
  const run = new AbortController()
  const cleanup = new AbortController()
  let held = 0
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => {
    const listener = (): void => {
      if (held > 0 && name === 'SIGINT') return
      const problem = new OsrunError('INTERRUPTED', `The run was interrupted by ${name}.`)
      if (run.signal.aborted) cleanup.abort(problem)
      run.abort(problem)
    }
    signals.on(name, listener)
    return [name, listener] as const
  })
  return {
    signal: run.signal,
    abortCleanup: cleanup.signal,
    hold() {
      held++
      return { [Symbol.dispose]: () => void held-- }
    },
    [Symbol.dispose]() {
      for (const [name, listener] of listeners) signals.off(name, listener)
    },
  }
}
