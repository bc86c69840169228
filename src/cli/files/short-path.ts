import { isAbsolute, relative } from 'node:path'

/** A whole path as it is written from a folder: without that folder where it is below it, else whole. */
export function shortPath(path: string, cwd: string): string {
  const fromHere = relative(cwd, path)
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? path : fromHere
}
