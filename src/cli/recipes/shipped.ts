import { existsSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { isWithin } from '../../util/files/within.ts'
import { inPackage } from '../files/package-folder.ts'

/** Where the recipes stand that come with the program. */
const folder = inPackage('recipes')

/** A recipe or a folder of them that comes with the program. */
export type Shipped = { readonly path: string; readonly isFolder: boolean }

/**
 * What a word means among the recipes that come with the program: their name (`smoke/temp-url`), the path that they have in the
 * package (`recipes/smoke/temp-url.yaml`), the whole one, or a folder (`smoke`). Undefined where there is none.
 */
export function findShipped(word: string): Shipped | undefined {
  const name = isWithin(word, [folder]) ? relative(folder, word) : word.replace(/^recipes(\/|$)/, '')
  if (name === '' || /(^|\/)[._]/.test(name)) return undefined
  for (const path of [join(folder, name), join(folder, `${name}.yaml`)])
    if (existsSync(path) && isWithin(path, [folder])) return { path, isFolder: statSync(path).isDirectory() }
  return undefined
}

/** The name of a recipe that comes with the program, the same wherever it is installed: `smoke/temp-url`. */
export function shippedName(path: string): string {
  return relative(folder, path)
    .replaceAll('\\', '/')
    .replace(/\.yaml$/, '')
}

/** The file that a word of the command line means: one that is there, or else a recipe that comes with the program. */
export function recipePath(word: string, cwd: string): string {
  const path = resolve(cwd, word)
  return existsSync(path) ? path : (findShipped(word)?.path ?? path)
}

/** The names of all recipes that come with the program, by their folders and in order. */
export async function shippedNames(): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true })
  return entries
    .filter((name) => name.endsWith('.yaml') && !/(^|\/)_/.test(name))
    .map((name) => shippedName(join(folder, name)))
    .sort((a, b) => Number(a.includes('/')) - Number(b.includes('/')) || a.localeCompare(b, 'en'))
}
