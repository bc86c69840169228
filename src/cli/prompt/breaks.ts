import { OsrunError } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import { nearest } from '../../util/text/nearest.ts'

/** The word that stands for every step that does not pass. */
export const onFailure = 'failure'

/** Collects repeated `--break ID`. */
export function collectBreak(id: string, before: readonly string[] = []): readonly string[] {
  return [...before, id]
}

/** Refuses what is no step of any of the recipes, with the nearest id; throws USAGE_INVALID. */
export function checkBreaks(breaks: readonly string[], recipes: readonly Recipe[]): void {
  const ids = recipes.flatMap(({ steps }) => steps.map(({ id }) => id))
  for (const id of breaks) {
    if (id === onFailure || ids.includes(id)) continue
    const near = nearest(id, [...ids, onFailure])
    throw new OsrunError('USAGE_INVALID', `There is no step "${id}" to stop at.`, {
      hint: `${near === undefined ? '' : `Did you mean ${near}? `}There are: ${ids.join(', ')}; ${onFailure} means any that does not pass.`,
    })
  }
}
