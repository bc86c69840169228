import type { StepResult } from '../../model/event.ts'
import type { RunParts } from './run-parts.ts'
import type { Task } from './task.ts'

/** Tells that a step is not run, and why. */
export function skipStep(parts: RunParts, { step, verb, phase }: Task, reason: string): StepResult {
  const result = { status: 'skipped', reason } as const
  parts.emit({
    type: 'step:end',
    step: step.id,
    verb: step.verb,
    title: step.name ?? verb.title(step.input),
    phase,
    result,
    allowedFailure: false,
    duration: 0,
  })
  return result
}
