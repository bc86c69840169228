import type { Phase } from '../../model/event.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { RecipeStep } from '../../model/recipe.ts'
import type { Verb } from '../../model/step.ts'

/** A step to be done. */
export type Task = {
  readonly step: RecipeStep
  readonly verb: Verb
  readonly phase: Phase
  /** Ends it. */
  readonly signal: AbortSignal
}

/** The task of a step; a recipe that passed its check has no other verbs than these. */
export function taskOf(step: RecipeStep, verbs: readonly Verb[], phase: Phase, signal: AbortSignal): Task {
  const verb = verbs.find((one) => one.verb === step.verb)
  if (verb === undefined) throw new OsrunError('INTERNAL', phrase`There is no verb "${step.verb}".`)
  return { step, verb, phase, signal }
}
