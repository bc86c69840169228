import type { RecipeStep } from '../model/recipe.ts'
import { stepText } from './step-text.ts'

/** The ids of the steps whose answers are read by name: `${steps.ID...}` or `of: ID`. Only these are kept. */
export function referencedSteps(steps: readonly RecipeStep[]): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const step of steps) {
    const text = stepText(step)
    for (const [, id] of text.matchAll(/steps\.([\w-]+)/g)) if (id !== undefined) ids.add(id)
    for (const [, id] of text.matchAll(/"of":"([\w-]+)"/g)) if (id !== undefined) ids.add(id)
  }
  return ids
}
