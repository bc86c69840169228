import type { RecipeStep } from '../../../model/recipe.ts'
import { variableOf } from '../values/variable-names.ts'

/**
 * Says which variables and files may hold something else at the end than when a step was deferred: names that are set more than
 * once, items and answers. Tokens are not among them: the one that is good at the end is meant.
 */
export function changingNames(steps: readonly RecipeStep[]): (read: string) => boolean {
  const counts = new Map<string, number>()
  const tokens = new Set<string>()
  const visit = (step: RecipeStep): void => {
    if (step.traits.logsIn) for (const name of step.sets) tokens.add(variableOf(name))
    for (const name of [...step.sets, `step-${step.id}`]) {
      const key = name.startsWith('step-') ? name : variableOf(name)
      counts.set(key, (counts.get(key) ?? 0) + (step.forEach === undefined ? 1 : 2))
    }
    step.defer.forEach(visit)
  }
  steps.forEach(visit)
  return (read) => {
    const name = read.replace(/\.json$/, '').replace(/_json$/, '')
    if (name === 'response' || name === 'item') return true
    return !tokens.has(name) && (counts.get(name) ?? 0) > 1
  }
}
