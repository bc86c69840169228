import { isAbsolute, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The path of a folder of recipes that comes with the program, from here where it is below. */
export function shippedFolder(name: string): string {
  // The program is one file in dist, beside the folder of the recipes.
  const folder = fileURLToPath(new URL(`../recipes/${name}`, import.meta.url))
  const fromHere = relative(process.cwd(), folder)
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? folder : fromHere
}
