import { toShellScript } from '../../src/export/shell/script.ts'
import type { Cloud } from '../../src/model/cloud.ts'
import type { Recipe } from '../../src/model/recipe.ts'
import { verbs } from '../../src/steps/index.ts'

/** Exports a recipe. */
export function exported(
  recipe: Recipe,
  cloud?: Cloud,
  allowOrigins: readonly string[] = [],
): Promise<string> {
  return toShellScript(recipe, { verbs, cloud, allowOrigins })
}
