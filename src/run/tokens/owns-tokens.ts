import type { Recipe, RecipeStep } from '../../model/recipe.ts'

/** Whether a recipe revokes tokens itself, so that it must not be given one that others use too. */
export function ownsTokens({ steps }: Recipe): boolean {
  const revokes = ({ traits, defer, included }: RecipeStep): boolean =>
    traits.revokesTokens === true || defer.some(revokes) || included?.steps.some(revokes) === true
  return steps.some(revokes)
}
