import { rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { OsrunError } from '../../model/problem.ts'
import { writeWhole } from '../../util/files/file-draft.ts'
import { fileTrouble } from '../../util/files/file-trouble.ts'
import { prepareFile } from './whole-file.ts'

/**
 * Writes a recipe for somebody to go on with, and makes its folder; one that is there stays, unless it may be overwritten.
 *
 * @throws OsrunError FILE_UNWRITABLE
 */
export async function writeDraft(
  path: string,
  text: string,
  { mayOverwrite, cwd }: { readonly mayOverwrite: boolean; readonly cwd: string },
): Promise<void> {
  await prepareFile(path, { what: 'recipe', cwd })
  try {
    const file = resolve(cwd, path)
    if (mayOverwrite) await writeWhole(file, text)
    else await writeNew(file, text)
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST'
    throw new OsrunError(
      'FILE_UNWRITABLE',
      exists ? `"${path}" exists already.` : `The recipe "${path}" cannot be written: ${fileTrouble(cause)}.`,
      { cause, ...(exists && { hint: 'Give another name, or --force.' }) },
    )
  }
}

// What a full disk cuts is not left behind as a recipe.
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(file, { force: true })
    throw error
  }
}
