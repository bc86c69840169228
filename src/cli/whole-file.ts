import { resolve } from 'node:path'
import { OsrunError } from '../model/problem.ts'
import { writeWhole } from '../util/file-draft.ts'
import { fileTrouble } from '../util/file-trouble.ts'

/**
 * Writes a whole file, from the current folder; its owner alone can read it, unless another mode is given. `what` is what
 * messages call it. Throws FILE_UNWRITABLE.
 */
export async function writeWholeFile(
  path: string,
  text: string,
  { what, mode = 0o600, cwd }: { readonly what: string; readonly mode?: number; readonly cwd: string },
): Promise<void> {
  try {
    await writeWhole(resolve(cwd, path), text, mode)
  } catch (cause) {
    throw new OsrunError(
      'FILE_UNWRITABLE',
      `The ${what} "${path}" cannot be written: ${fileTrouble(cause)}.`,
      { cause },
    )
  }
}
