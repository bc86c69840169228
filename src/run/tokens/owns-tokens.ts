import type { Recipe, RecipeStep } from '../../model/recipe.ts'

/** Whether a recipe revokes tokens itself, so that it must not be given one that others use too. */
export function ownsTokens({ steps }: Recipe): boolean {
  const revokes = ({ verb, defer, included }: RecipeStep): boolean =>
    verb === 'revoke' || defer.some(revokes) || included?.steps.some(revokes) === true
  return steps.some(revokes)
}
