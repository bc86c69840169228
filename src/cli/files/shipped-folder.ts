import { inPackage } from './package-folder.ts'
import { shortPath } from './short-path.ts'

/** The path of a folder of recipes that comes with the program, from `cwd` where it is below. */
export function shippedFolder(name: string, cwd: string): string {
  return shortPath(inPackage('recipes', name), cwd)
}
