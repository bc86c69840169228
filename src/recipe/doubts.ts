import type { Position } from '../model/problem.ts'
import type { Recipe, RecipeStep } from '../model/recipe.ts'
import type { Verb } from '../model/step.ts'

/** What is valid in a recipe, and hardly meant. */
export type Doubt = { readonly at: Position; readonly message: string; readonly hint: string }

/** Finds what a recipe's verbs doubt of its steps, those that are deferred included. */
export function doubtsOf({ steps }: Recipe, verbs: readonly Verb[]): readonly Doubt[] {
  const doubts: Doubt[] = []
  const visit = (step: RecipeStep): void => {
    const verb = verbs.find((one) => one.verb === step.verb)
    verb?.doubt?.(step.input, (path, message, hint) => doubts.push({ at: step.locate(path), message, hint }))
    step.defer.forEach(visit)
  }
  steps.forEach(visit)
  return doubts
}
