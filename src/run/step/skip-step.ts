import type { Phase, StepResult } from '../../model/event.ts'
import type { RecipeStep } from '../../model/recipe.ts'
import type { Verb } from '../../model/step.ts'
import type { RunParts } from './run-parts.ts'

/** Tells that a step is not run, and why. */
export function skipStep(
  parts: RunParts,
  verb: Verb,
  step: RecipeStep,
  phase: Phase,
  reason: string,
): StepResult {
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
