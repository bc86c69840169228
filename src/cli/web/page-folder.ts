import { fileURLToPath } from 'node:url'

/** Where the build puts the pages: beside the program, which is one file. */
export function pageFolder(): string {
  return fileURLToPath(new URL('./web', import.meta.url))
}
