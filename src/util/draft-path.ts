import { statSync } from 'node:fs'

/**
 * Where to write what is to become the file at `path`: beside it, with this ending, so that it is renamed when it is whole; or
 * the path itself where a device, a pipe or a socket is, which must not be put out of its place.
 */
export function draftPath(path: string, ending: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined || found.isFile() || found.isDirectory() ? `${path}${ending}` : path
}
