import type { RecipeStep } from '../model/recipe.ts'

/** All that a step may read, as one JSON text: the values of its verb and keys, those of its deferred steps, and of a recipe that it includes, among them. */
export function stepText({ input, when, forEach, polling, defer, included }: RecipeStep): string {
  const keys = [when, forEach, polling?.until, polling?.failIf].map((key) => key?.value)
  return `${JSON.stringify([input, ...keys])}${[...(included?.steps ?? []), ...defer].map(stepText).join('')}`
}
