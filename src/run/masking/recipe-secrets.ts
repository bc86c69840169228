import type { Json, Recipe } from '../../model/recipe.ts'
import type { Masker } from '../../secrets/masker.ts'
import { isSecretVariable, passwordOfUrl } from '../../util/secret-names.ts'

/**
 * Hides the values of secret inputs, whole and in part, and those of the environment that the recipe reads
 * and whose names say that they are secrets; of a URL its password.
 */
export function learnRecipe(
  recipe: Recipe,
  inputs: Readonly<Record<string, Json>>,
  environment: Readonly<Record<string, string | undefined>>,
  masker: Masker,
): void {
  for (const { name, secret } of recipe.inputs) {
    const value = inputs[name]
    if (secret && value !== undefined) learnValue(value, name.replaceAll('-', '_'), masker)
  }
  for (const [name, value] of Object.entries(environmentOf(recipe, environment)))
    if (isSecretVariable(name)) masker.learn(value, name)
    else masker.learn(passwordOfUrl(value) ?? '')
}

/** The variables that a recipe reads as `env.NAME`, of those that are there. */
export function environmentOf(
  recipe: Recipe,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    recipe.reads.flatMap(({ path: [name, variable = ''] }) => {
      const value = name === 'env' ? environment[variable] : undefined
      return value === undefined ? [] : [[variable, value]]
    }),
  )
}

/** Hides a value, whole and in part: `${key.user.pass}` is as secret as `${key}`; in curl lines it is $key_user_pass. */
export function learnValue(value: Json, variable: string, masker: Masker): void {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    masker.learn(String(value), variable)
  else if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value))
      learnValue(part, `${variable}_${key.replace(/\W/g, '_')}`, masker)
}
