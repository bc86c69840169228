import { rename, rm, writeFile } from 'node:fs/promises'
import { OsrunError } from '../model/problem.ts'
import { draftPath } from '../util/draft-path.ts'
import { fileTrouble } from '../util/file-trouble.ts'

/**
 * Writes a file that its owner alone can read: beside its place first, then renamed, so that nobody ever reads half of it.
 * `what` is what messages call it. Throws FILE_UNWRITABLE.
 */
export async function writePrivateFile(path: string, text: string, what: string): Promise<void> {
  let draft = path
  try {
    draft = draftPath(path, `.${process.pid}.part`)
    await writeFile(draft, text, { mode: 0o600 })
    if (draft !== path) await rename(draft, path)
  } catch (cause) {
    // What keeps it from being removed is what kept it from being written, and that is told.
    if (draft !== path) await rm(draft, { force: true }).catch(() => {})
    throw new OsrunError(
      'FILE_UNWRITABLE',
      `The ${what} "${path}" cannot be written: ${fileTrouble(cause)}.`,
      { cause },
    )
  }
}
