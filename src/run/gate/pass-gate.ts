import type { SafeEvent, StepResult } from '../../model/event.ts'
import type { Again, Gate, Stop } from '../../model/gate.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError, type Problem, toProblem } from '../../model/problem.ts'
import type { Emit } from '../events/event-bus.ts'
import { interruptionOf } from '../interruption.ts'
import type { Deferral, Performance } from '../step/deferral.ts'

/** A gate, and what takes the events since the last time. */
export type Gating = { readonly gate: Gate; take(): readonly SafeEvent[] }

/** How a step ended that had to pass a gate. */
export type GatedOutcome = {
  /** Undefined when the gate did not let it begin. */
  readonly result: StepResult | undefined
  readonly deferred: readonly Deferral[]
  /** Set when the gate ended the run. */
  readonly quit?: Problem
  /** Set when the gate wants an edited recipe to go on, whatever the result. */
  readonly again?: Again
}

/** What passing a gate takes of the run. */
export type Passing = {
  /** What the gate is shown: the run as it is now. */
  stop(): Stop
  readonly signal: AbortSignal
  /** The step begins without the gate being asked: it was asked already. */
  readonly isAsked: boolean
  /** Does the step once. */
  perform(): Promise<Performance>
  /** Lets the clock of the deadline stand still while the gate is asked. */
  hold<T>(ask: () => Promise<T>): Promise<T>
}

/** Takes a step through a gate. A gate that fails ends the run, which cleans up all the same. */
export async function passGate({ gate, take }: Gating, passing: Passing): Promise<GatedOutcome> {
  const { signal, stop, hold } = passing
  const deferred: Deferral[] = []
  let result: StepResult | undefined
  const ended = (): Problem =>
    toProblem(
      signal.aborted
        ? interruptionOf(signal)
        : new OsrunError('INTERRUPTED', phrase`The run was ended before its last step.`),
    )
  try {
    const answer = passing.isAsked ? 'go' : await hold(() => gate.before(stop()))
    if (answer === 'skip') return { result, deferred }
    if (answer === 'quit') return { result, deferred, quit: ended() }
    if (answer !== 'go') return { result, deferred, again: answer }
    for (;;) {
      take()
      const performance = await passing.perform()
      deferred.push(...performance.deferred)
      if (result?.status !== 'passed') result = performance.result
      const passage = { result: performance.result, events: take() }
      const next = await hold(() => gate.after(stop(), passage))
      if (next === 'go') return { result, deferred }
      if (next === 'quit') return { result, deferred, quit: ended() }
      if (next !== 'repeat') return { result, deferred, again: next }
    }
  } catch (error) {
    return { result, deferred, quit: toProblem(error) }
  }
}

/** Keeps what is told until it is taken. */
export function remembering(tell: Emit): {
  readonly emit: Emit
  take(): readonly SafeEvent[]
} {
  const recent: SafeEvent[] = []
  const emit: Emit = (event) => {
    const safe = tell(event)
    recent.push(safe)
    return safe
  }
  return { emit, take: () => recent.splice(0) }
}
