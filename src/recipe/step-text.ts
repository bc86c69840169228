import type { RecipeStep } from '../model/recipe.ts'

// The runs of a suite read the same recipes.
const texts = new WeakMap<RecipeStep, string>()

/**
 * All that a step may read, as one JSON text: the values of its verb and keys, those of its deferred steps, and of a
 * recipe that it includes, among them.
 */
export function stepText(step: RecipeStep): string {
  let text = texts.get(step)
  if (text === undefined) {
    const { input, when, forEach, polling, defer, included } = step
    const keys = [when, forEach, polling?.until, polling?.failIf].map((key) => key?.value)
    text = `${JSON.stringify([input, ...keys])}${[...(included?.steps ?? []), ...defer].map(stepText).join('')}`
    texts.set(step, text)
  }
  return text
}
