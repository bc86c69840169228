import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { OsrunError } from '../model/problem.ts'
import { fileTrouble } from '../util/file-trouble.ts'
import type { Io } from './io.ts'

/** Writes a text into a file with this mode, or to standard output where no path is given. */
export async function writeText(
  text: string,
  { path, mode }: { readonly path: string | undefined; readonly mode: number },
  { stdout, cwd }: Pick<Io, 'stdout' | 'cwd'>,
): Promise<void> {
  if (path === undefined) {
    stdout.write(text)
    return
  }
  try {
    await writeFile(resolve(cwd, path), text, { mode })
  } catch (cause) {
    throw new OsrunError('FILE_UNWRITABLE', `The file "${path}" cannot be written: ${fileTrouble(cause)}.`, {
      cause,
    })
  }
}
