import type { SafeEvent } from '../../model/event.ts'
import { type ProblemSource, toProblem } from '../../model/problem.ts'
import { createMasker } from '../../secrets/masker.ts'
import { createEmitter } from './event-bus.ts'

/** The event of what went wrong after the runs, with events that are masked: there is no secret to be learnt any more. */
export function problemEvent(error: unknown, from: ProblemSource): SafeEvent {
  return createEmitter(createMasker(), '', () => {})({
    type: 'problem',
    problem: { ...toProblem(error), from },
  })
}
