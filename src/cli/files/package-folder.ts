import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shortPath } from './short-path.ts'

/** The path of something that comes with the program, by its place in the package: the program is one file there, or its sources. */
export function inPackage(...place: readonly string[]): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder)
  return join(folder, ...place)
}

/** Where the build puts the pages that are served. */
export function pageFolder(): string {
  return inPackage('dist', 'web')
}

/** The path of a folder of recipes that comes with the program, from `cwd` where it is below. */
export function shippedFolder(name: string, cwd: string): string {
  return shortPath(inPackage('recipes', name), cwd)
}
