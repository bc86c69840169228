import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { OsrunError } from '../../model/problem.ts'

/** What of a folder is a recipe, and the YAML files that are something else. */
export type FolderFiles = { readonly recipes: readonly string[]; readonly others: readonly string[] }

/**
 * The recipes of a folder: its YAML files, at any depth, with `osrun` among the keys at their top. Files and folders whose names
 * begin with `_` are parts of recipes, and those that begin with a dot, and `node_modules`, are somebody else's.
 * Throws RECIPE_UNREADABLE where there is none.
 */
export async function recipesIn(folder: string, cwd: string): Promise<FolderFiles> {
  const names = (await yamlFiles(resolve(cwd, folder), '')).sort()
  if (names.length === 0)
    throw new OsrunError('RECIPE_UNREADABLE', `The folder "${folder}" holds no .yaml file.`)
  const files = names.map((name) => join(folder, name))
  const areRecipes = await Promise.all(files.map((file) => isRecipe(resolve(cwd, file))))
  const recipes = files.filter((_file, index) => areRecipes[index])
  const others = files.filter((_file, index) => !areRecipes[index])
  if (recipes.length > 0) return { recipes, others }
  throw new OsrunError(
    'RECIPE_UNREADABLE',
    `The folder "${folder}" holds no recipe: ${several(others)} ${others.length === 1 ? 'has' : 'have'} no key "osrun" at the top.`,
    { hint: 'A recipe starts with "osrun: 1".' },
  )
}

/** Some names as one text. */
export function several(files: readonly string[]): string {
  const shown = files.slice(0, 3).map((file) => `"${file}"`)
  const left = files.length - shown.length
  return [...shown, ...(left > 0 ? [`${left} more`] : [])].join(', ').replace(/, ([^,]*)$/, ' and $1')
}

async function yamlFiles(folder: string, within: string): Promise<string[]> {
  const entries = await readdir(join(folder, within), { withFileTypes: true })
  const found = await Promise.all(
    entries
      .filter(({ name }) => !/^[._]|^node_modules$/.test(name))
      .map((entry) => {
        const name = join(within, entry.name)
        if (entry.isDirectory()) return yamlFiles(folder, name)
        return /\.ya?ml$/.test(name) ? [name] : []
      }),
  )
  return found.flat()
}

// What cannot be read, or is in another encoding, is for whoever loads it to tell.
async function isRecipe(file: string): Promise<boolean> {
  try {
    const text = (await readFile(file)).toString('latin1').replaceAll('\0', '')
    return /^(?:[^\w\s"'{]{2,3})?(?:\{\s*)?["']?osrun["']?\s*:/m.test(text)
  } catch {
    return true
  }
}
