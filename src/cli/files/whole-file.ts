import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { OsrunError } from '../../model/problem.ts'
import { tryPlace, writeWhole } from '../../util/files/file-draft.ts'
import { fileTrouble } from '../../util/files/file-trouble.ts'
import { makeFolder } from '../../util/files/make-folder.ts'

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
    throw unwritable(path, what, cause)
  }
}

/** Reads a whole file, from the current folder. `what` is what messages call it. Throws FILE_UNREADABLE. */
export async function readWholeFile(
  path: string,
  { what, cwd }: { readonly what: string; readonly cwd: string },
): Promise<Buffer> {
  try {
    return await readFile(resolve(cwd, path))
  } catch (cause) {
    throw new OsrunError('FILE_UNREADABLE', `The ${what} "${path}" cannot be read: ${fileTrouble(cause)}.`, {
      cause,
    })
  }
}

/**
 * Makes sure that a file can be written there before there is anything to write; makes its folder where that is missing. Throws
 * FILE_UNWRITABLE.
 */
export async function prepareFile(
  path: string,
  { what, cwd }: { readonly what: string; readonly cwd: string },
): Promise<void> {
  const file = resolve(cwd, path)
  try {
    try {
      tryPlace(file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      await makeFolder(dirname(file), 0o777)
      tryPlace(file)
    }
  } catch (cause) {
    throw unwritable(path, what, cause)
  }
}

function unwritable(path: string, what: string, cause: unknown): OsrunError {
  return new OsrunError(
    'FILE_UNWRITABLE',
    `The ${what} "${path}" cannot be written: ${fileTrouble(cause)}.`,
    { cause },
  )
}
