import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { OsrunError } from '../../model/problem.ts'
import { writeWhole } from '../../util/files/file-draft.ts'
import { fileTrouble } from '../../util/files/file-trouble.ts'

/**
 * Writes a recipe for somebody to go on with; one that is there stays, unless it may be overwritten.
 *
 * @throws OsrunError FILE_UNWRITABLE
 */
export async function writeDraft(
  path: string,
  text: string,
  { mayOverwrite, cwd }: { readonly mayOverwrite: boolean; readonly cwd: string },
): Promise<void> {
  try {
    const file = resolve(cwd, path)
    if (mayOverwrite) await writeWhole(file, text)
    else await writeFile(file, text, { flag: 'wx' })
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST'
    throw new OsrunError(
      'FILE_UNWRITABLE',
      exists ? `"${path}" exists already.` : `The recipe "${path}" cannot be written: ${fileTrouble(cause)}.`,
      { cause, ...(exists && { hint: 'Give another name, or --force.' }) },
    )
  }
}
