import { writeFile } from 'node:fs/promises'
import { OsrunError } from '../model/problem.ts'
import { fileTrouble } from '../util/file-trouble.ts'
import { outputOf } from './output.ts'

/** Writes a text into a file with this mode, or to standard output where no path is given. */
export async function writeText(text: string, path: string | undefined, mode: number): Promise<void> {
  if (path === undefined) {
    outputOf(process.stdout).write(text)
    return
  }
  try {
    await writeFile(path, text, { mode })
  } catch (cause) {
    throw new OsrunError('FILE_UNWRITABLE', `The file "${path}" cannot be written: ${fileTrouble(cause)}.`, {
      cause,
    })
  }
}
