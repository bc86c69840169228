import type { RecipeStep } from '../model/recipe.ts'

/** All that a step may read, as one JSON text: the values of its verb and keys, those of its deferred steps included. */
export function stepText({ input, when, forEach, polling, defer }: RecipeStep): string {
  const keys = [when, forEach, polling?.until, polling?.failIf].map((key) => key?.value)
  return `${JSON.stringify([input, ...keys])}${defer.map(stepText).join('')}`
}
