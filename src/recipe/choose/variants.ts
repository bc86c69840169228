import { OsrunError } from '../../model/problem.ts'
import type { Json, Recipe, RecipeInput } from '../../model/recipe.ts'
import { nearest } from '../../util/text/nearest.ts'
import type { GivenInputs } from './resolve-inputs.ts'
import { givenValue } from './resolve-inputs.ts'

/**
 * The recipes that a recipe's matrix makes, one for each combination of values: `name [region=GRA]`, with these values as
 * the defaults of their inputs. A value that is given for an input of the matrix chooses among them. Just the recipe when it
 * has no matrix.
 *
 * @throws OsrunError INPUT_INVALID when a value is given that the matrix does not have
 */
export function variantsOf(recipe: Recipe, given: GivenInputs = {}): readonly Recipe[] {
  const entries = Object.entries(recipe.matrix)
  if (entries.length === 0) return [recipe]
  let combinations: readonly (readonly (readonly [string, Json])[])[] = [[]]
  for (const [name, values] of entries) {
    const chosen = chosenValues(recipe, name, values, given)
    combinations = combinations.flatMap((before) =>
      chosen.map((value) => [...before, [name, value] as const]),
    )
  }
  return combinations.map((combination) => variant(recipe, combination))
}

function chosenValues(
  recipe: Recipe,
  name: string,
  values: readonly Json[],
  given: GivenInputs,
): readonly Json[] {
  const input = recipe.inputs.find((one) => one.name === name)
  const wanted = input && givenValue(input, given)
  if (wanted === undefined) return values
  if (values.includes(wanted)) return [wanted]
  const known = values.map(String)
  const near = nearest(String(wanted), known)
  throw new OsrunError(
    'INPUT_INVALID',
    `The matrix of "${recipe.file}" has no ${name} "${String(wanted)}".`,
    {
      hint: `${near === undefined ? '' : `Did you mean ${near}? `}It has: ${known.join(', ')}.`,
    },
  )
}

function variant(recipe: Recipe, combination: readonly (readonly [string, Json])[]): Recipe {
  const values = new Map(combination)
  const inputs = recipe.inputs.map((input): RecipeInput => {
    const value = values.get(input.name)
    return value === undefined ? input : { ...input, default: value, required: false }
  })
  const label = combination.map(([name, value]) => `${name}=${String(value)}`).join(', ')
  return { ...recipe, name: `${recipe.name} [${label}]`, inputs, matrix: {} }
}
