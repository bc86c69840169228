import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Problem } from '../../model/problem.ts'
import { OsrunError, withoutRepeats } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import { type LoadOptions, loadRecipe } from '../../recipe/load.ts'
import { verbs } from '../../steps/index.ts'
import type { IncludeFlag } from '../flags/include-flag.ts'
import type { Io } from '../io.ts'

/**
 * The recipe files that the words of a command line mean: files as they are, folders with all their YAML, but for files
 * and folders whose names begin with `_`: these are parts of other recipes.
 */
export async function recipeFiles(paths: readonly string[], cwd: string): Promise<readonly string[]> {
  const files: string[] = []
  for (const path of paths) {
    const isFolder = await stat(resolve(cwd, path)).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (!isFolder) {
      files.push(path)
      continue
    }
    const names = (await readdir(resolve(cwd, path), { recursive: true }))
      .filter((name) => /\.ya?ml$/.test(name) && !/(^|[/\\])_/.test(name))
      .sort()
    if (names.length === 0)
      throw new OsrunError('RECIPE_UNREADABLE', `The folder "${path}" holds no .yaml file.`)
    files.push(...names.map((name) => join(path, name)))
  }
  return files
}

/** A recipe that was asked for, or what is wrong with it. */
export type LoadedFile =
  | { readonly file: string; readonly recipe: Recipe }
  | { readonly file: string; readonly error: OsrunError }

/** How many files are read while another is being checked. */
const readAhead = 8

/** Loads recipes in the order of their files. */
export async function* loadEach(
  files: readonly string[],
  { allowInclude = [] }: IncludeFlag,
  { cwd }: Pick<Io, 'cwd'>,
): AsyncGenerator<LoadedFile> {
  const loading: Promise<LoadedFile>[] = []
  let next = 0
  for (;;) {
    for (; next < files.length && loading.length < readAhead; next++)
      loading.push(loaded(files[next] ?? '', { allowInclude, cwd }))
    const first = loading.shift()
    if (first === undefined) return
    yield await first
  }
}

async function loaded(file: string, options: Pick<LoadOptions, 'allowInclude' | 'cwd'>): Promise<LoadedFile> {
  try {
    return { file, recipe: await loadRecipe(file, { verbs, ...options }) }
  } catch (error) {
    if (!(error instanceof OsrunError)) throw error
    return { file, error }
  }
}

/** Loads every recipe, or throws one error that holds the problems of all of them. */
export async function loadRecipes(
  paths: readonly string[],
  flags: IncludeFlag,
  io: Pick<Io, 'cwd'>,
): Promise<readonly Recipe[]> {
  const recipes: Recipe[] = []
  const problems: Problem[] = []
  for await (const one of loadEach(await recipeFiles(paths, io.cwd), flags, io))
    if ('recipe' in one) recipes.push(one.recipe)
    else problems.push(...one.error.problems)
  const [first] = problems
  if (first !== undefined)
    throw new OsrunError(first.code, first.message, { problems: withoutRepeats(problems) })
  return recipes
}
