import type { RecipeStep } from '../model/recipe.ts'

/** The ids of the steps whose answers are read by name: `${steps.ID...}` or `of: ID`. Only these are kept. */
export function referencedSteps(steps: readonly RecipeStep[]): ReadonlySet<string> {
  const ids = new Set<string>()
  const visit = (step: RecipeStep): void => {
    const text = JSON.stringify(step.input)
    for (const [, id] of text.matchAll(/steps\.([\w-]+)/g)) if (id !== undefined) ids.add(id)
    for (const [, id] of text.matchAll(/"of":"([\w-]+)"/g)) if (id !== undefined) ids.add(id)
    step.defer.forEach(visit)
  }
  steps.forEach(visit)
  return ids
}
