import { OsrunError } from '../../model/problem.ts'
import type { Io } from '../io.ts'
import { listenForEnding, ofKeys } from './ending-signals.ts'

/** The signals that end a run: the first one cleans up, a second one stops at once. */
export type Interrupts = Disposable & {
  readonly signal: AbortSignal
  readonly abortCleanup: AbortSignal
  /** Leaves what keys send to another program, which has the terminal, until it is disposed of. */
  hold(): Disposable
}

/** Listens to all signals that ask to end until it is disposed of. */
export function listenForInterrupts({ signals }: Pick<Io, 'signals'>): Interrupts {
  const run = new AbortController()
  const cleanup = new AbortController()
  let held = 0
  const listening = listenForEnding(signals, (name) => {
    if (held > 0 && ofKeys.has(name)) return false
    const problem = new OsrunError('INTERRUPTED', `The run was interrupted by ${name}.`)
    if (run.signal.aborted) cleanup.abort(problem)
    run.abort(problem)
    return true
  })
  return {
    signal: run.signal,
    abortCleanup: cleanup.signal,
    hold() {
      held++
      return { [Symbol.dispose]: () => void held-- }
    },
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  }
}
