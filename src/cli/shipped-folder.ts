import { isAbsolute, relative } from 'node:path'
import { inPackage } from './package-folder.ts'

/** The path of a folder of recipes that comes with the program, from `cwd` where it is below. */
export function shippedFolder(name: string, cwd: string): string {
  const folder = inPackage('recipes', name)
  const fromHere = relative(cwd, folder)
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? folder : fromHere
}
