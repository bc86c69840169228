import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../model/problem.ts'
import { OsrunError, withoutRepeats } from '../model/problem.ts'
import type { Recipe } from '../model/recipe.ts'
import { loadRecipe } from '../recipe/load.ts'
import { verbs } from '../steps/index.ts'
import type { IncludeFlag } from './include-flag.ts'

/**
 * The recipe files that the words of a command line mean: files as they are, folders with all their YAML, but for files
 * and folders whose names begin with `_`: these are parts of other recipes.
 */
export async function recipeFiles(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = []
  for (const path of paths) {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (!isFolder) {
      files.push(path)
      continue
    }
    const names = (await readdir(path, { recursive: true }))
      .filter((name) => /\.ya?ml$/.test(name) && !/(^|[/\\])_/.test(name))
      .sort()
    if (names.length === 0)
      throw new OsrunError('RECIPE_UNREADABLE', `The folder "${path}" holds no .yaml file.`)
    files.push(...names.map((name) => join(path, name)))
  }
  return files
}

/** Loads every recipe, or throws one error that holds the problems of all of them. */
export async function loadRecipes(
  paths: readonly string[],
  { allowInclude = [] }: IncludeFlag,
): Promise<readonly Recipe[]> {
  const recipes: Recipe[] = []
  const problems: Problem[] = []
  for (const file of await recipeFiles(paths)) {
    try {
      recipes.push(await loadRecipe(file, { verbs, allowInclude }))
    } catch (error) {
      if (!(error instanceof OsrunError)) throw error
      problems.push(...error.problems)
    }
  }
  const [first] = problems
  if (first !== undefined)
    throw new OsrunError(first.code, first.message, { problems: withoutRepeats(problems) })
  return recipes
}
