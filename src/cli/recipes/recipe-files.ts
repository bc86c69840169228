import { stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import type { Problem } from '../../model/problem.ts'
import { OsrunError, withoutRepeats } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import { type LoadOptions, loadRecipe, textOfRecipe } from '../../recipe/load.ts'
import { longestRecipe } from '../../recipe/parse.ts'
import { verbs } from '../../steps/index.ts'
import { nearest } from '../../util/text/nearest.ts'
import { readInput } from '../files/read-input.ts'
import type { IncludeFlag } from '../flags/include-flag.ts'
import type { InputStream, Io } from '../io.ts'
import { warnTo } from '../terminal/warn.ts'
import { recipesIn, several } from './recipe-folder.ts'
import { findShipped, recipePath, shippedName, shippedNames } from './shipped.ts'

/** Where recipes come from: `-` is standard input, and what of a folder is passed over is told on standard error. */
type RecipeIo = Pick<Io, 'cwd'> & Partial<Pick<Io, 'stdin' | 'stderr'>>

/**
 * The recipes that the words of a command line mean: files as they are, folders with the recipes in them, and where there is
 * neither the recipes that come with the program, by their names.
 */
export async function recipeFiles(
  paths: readonly string[],
  { cwd, stderr }: RecipeIo,
): Promise<readonly string[]> {
  const files: string[] = []
  const others: string[] = []
  for (const path of new Set(paths)) {
    const local =
      isAbsolute(path) && findShipped(path)
        ? undefined
        : await stat(resolve(cwd, path)).catch(() => undefined)
    const shipped = local === undefined ? findShipped(path) : undefined
    if (shipped !== undefined) {
      const found = shipped.isFolder ? (await recipesIn(shipped.path, cwd)).recipes : [shipped.path]
      files.push(...found.map(shippedName))
    } else if (local?.isDirectory() === true) {
      const found = await recipesIn(path, cwd)
      files.push(...found.recipes)
      others.push(...found.others)
    } else files.push(path)
  }
  if (others.length > 0 && stderr !== undefined)
    warnTo({ stderr })(`Passed over, as no recipes without a key "osrun" at the top: ${several(others)}.`)
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
  { cwd, stdin }: RecipeIo,
): AsyncGenerator<LoadedFile> {
  const loading: Promise<LoadedFile>[] = []
  let next = 0
  for (;;) {
    for (; next < files.length && loading.length < readAhead; next++)
      loading.push(loaded(files[next] ?? '', { allowInclude, cwd }, stdin))
    const first = loading.shift()
    if (first === undefined) return
    yield await first
  }
}

async function loaded(
  file: string,
  options: Pick<LoadOptions, 'allowInclude' | 'cwd'>,
  stdin: InputStream | undefined,
): Promise<LoadedFile> {
  try {
    const isInput = file === '-' && stdin !== undefined
    const text = isInput ? textOfRecipe(await readInput(stdin, longestRecipe, tooLong), file) : undefined
    const path = isInput ? file : recipePath(file, options.cwd ?? '')
    return { file, recipe: await loadRecipe(path, { verbs, ...options, text, name: file }) }
  } catch (error) {
    if (!(error instanceof OsrunError)) throw error
    return { file, error: await withShippedHint(error, file) }
  }
}

// Who misspells a name may mean a recipe that comes with the program.
async function withShippedHint(error: OsrunError, word: string): Promise<OsrunError> {
  if (error.code !== 'RECIPE_UNREADABLE' || error.hint !== undefined) return error
  const near = nearest(word.replace(/^recipes\/|\.ya?ml$/g, ''), await shippedNames())
  const hint = `${near === undefined ? '' : `Did you mean ${near}? `}\`osrun list\` shows the recipes that come with osrun.`
  return new OsrunError(error.code, error.message, { at: error.at, cause: error.cause, hint })
}

function tooLong(): OsrunError {
  return new OsrunError('RECIPE_INVALID', `"-" is longer than ${longestRecipe} characters.`)
}

/** Loads every recipe, or throws one error that holds the problems of all of them. */
export async function loadRecipes(
  paths: readonly string[],
  flags: IncludeFlag,
  io: RecipeIo,
): Promise<readonly Recipe[]> {
  const recipes: Recipe[] = []
  const problems: Problem[] = []
  for await (const one of loadEach(await recipeFiles(paths, io), flags, io))
    if ('recipe' in one) recipes.push(one.recipe)
    else problems.push(...one.error.problems)
  const [first] = problems
  if (first !== undefined)
    throw new OsrunError(first.code, first.message, { problems: withoutRepeats(problems) })
  return recipes
}
