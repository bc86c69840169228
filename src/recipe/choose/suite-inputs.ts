import { OsrunError } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import { nearest } from '../../util/text/nearest.ts'
import type { GivenInputs } from './resolve-inputs.ts'

/**
 * What is given for the inputs of several recipes, for each of them: a value goes to those that have its input. For one recipe it
 * stays what was given, so that what it does not have is refused by its name.
 *
 * @throws OsrunError INPUT_UNKNOWN for an input that none of them has
 */
export function inputsOfSuite(
  recipes: readonly Recipe[],
  given: GivenInputs,
): (recipe: Recipe) => GivenInputs {
  if (new Set(recipes.map(({ file }) => file)).size < 2) return () => given
  const known = new Set(recipes.flatMap(namesOf))
  for (const name of [given.values, given.flags, given.file].flatMap((one) => Object.keys(one ?? {})))
    if (!known.has(name)) throw unknownToAll(name, recipes.length, [...known])
  return (recipe) => {
    const own = new Set(namesOf(recipe))
    const ofRecipe = <T>(values: Readonly<Record<string, T>> = {}): Readonly<Record<string, T>> =>
      Object.fromEntries(Object.entries(values).filter(([name]) => own.has(name)))
    return {
      ...given,
      values: ofRecipe(given.values),
      flags: ofRecipe(given.flags),
      file: ofRecipe(given.file),
    }
  }
}

function namesOf({ inputs }: Recipe): readonly string[] {
  return inputs.map(({ name }) => name)
}

function unknownToAll(name: string, count: number, known: readonly string[]): OsrunError {
  const guess = nearest(name, known)
  const has = known.length === 0 ? 'They have none.' : `They have: ${known.toSorted().join(', ')}.`
  return new OsrunError('INPUT_UNKNOWN', `None of the ${count} recipes has an input "${name}".`, {
    hint: `${guess === undefined ? '' : `Did you mean ${guess}? `}${has}`,
  })
}
