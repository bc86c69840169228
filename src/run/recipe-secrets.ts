import type { Json, Recipe } from '../model/recipe.ts'
import { stepText } from '../recipe/step-text.ts'
import type { Masker } from '../secrets/masker.ts'

/**
 * Hides the values of secret inputs, whole and in part, and those of the environment that the recipe reads
 * and whose names say that they are secrets.
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
  const text = recipe.steps.map(stepText).join('')
  // Also the names that an assertion or `when` has for keys.
  for (const [, name] of text.matchAll(/\benv\.([A-Za-z_]\w*)/g)) {
    const value = name === undefined ? undefined : environment[name]
    if (name !== undefined && value !== undefined && /PASS|SECRET|TOKEN|KEY|CREDENTIAL/i.test(name))
      masker.learn(value, name)
  }
}

// `${key.user.pass}` is as secret as `${key}`; in curl lines it is $key_user_pass.
function learnValue(value: Json, variable: string, masker: Masker): void {
  if (typeof value === 'string' || typeof value === 'number') masker.learn(String(value), variable)
  else if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value))
      learnValue(part, `${variable}_${key.replace(/\W/g, '_')}`, masker)
}
