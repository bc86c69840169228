import { sep } from 'node:path'

/** Whether an absolute path lies below one of these folders, as they are spelt: links are not resolved. */
export function isWithin(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`))
}
