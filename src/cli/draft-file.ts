import { writeFile } from 'node:fs/promises'
import { OsrunError } from '../model/problem.ts'
import { fileTrouble } from '../util/file-trouble.ts'

/**
 * Writes a recipe for somebody to go on with; one that is there stays, unless it may be overwritten.
 *
 * @throws OsrunError FILE_UNWRITABLE
 */
export async function writeDraft(path: string, text: string, mayOverwrite: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: mayOverwrite ? 'w' : 'wx' })
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST'
    throw new OsrunError(
      'FILE_UNWRITABLE',
      exists ? `"${path}" exists already.` : `The recipe "${path}" cannot be written: ${fileTrouble(cause)}.`,
      { cause, ...(exists && { hint: 'Give another name, or --force.' }) },
    )
  }
}
