import { randomUUID } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { OsrunError } from '../model/problem.ts'
import { draftPath } from '../util/draft-path.ts'
import { fileTrouble } from '../util/file-trouble.ts'

/**
 * Writes a file beside its place first and then renames it, so that nobody ever reads half of it. `what` is what messages
 * call it; its owner alone can read it, unless another mode is given. Throws FILE_UNWRITABLE.
 */
export async function writeWholeFile(path: string, text: string, what: string, mode = 0o600): Promise<void> {
  let draft = path
  try {
    draft = draftPath(path, `.${randomUUID()}.part`)
    await writeFile(draft, text, { mode })
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
