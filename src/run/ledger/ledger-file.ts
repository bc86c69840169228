import { constants } from 'node:fs'
import { chmod, type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../util/files/make-folder.ts'
import type { LedgerRecord } from './record.ts'

/** A ledger that is being written: what `append` has taken is on the disk when it returns. */
export type LedgerFile = {
  readonly path: string
  append(...records: readonly LedgerRecord[]): Promise<void>
  close(): Promise<void>
  /** Closes it and takes it away. */
  remove(): Promise<void>
}

/** Makes the ledger of a run, which its owner alone can read, in a folder that is made where it is missing. */
export async function createLedgerFile(folder: string, run: string): Promise<LedgerFile> {
  await makeFolder(folder)
  await chmod(folder, 0o700)
  const path = join(folder, `${run}.ndjson`)
  const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY } = constants
  const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, 0o600)
  // A file is safe when its folder's entry for it is.
  const entries = await open(folder, constants.O_RDONLY)
  await entries.sync().finally(() => entries.close())
  return {
    path,
    append: (...records) => appendTo(file, records),
    close: () => file.close(),
    async remove() {
      await file.close()
      await removeLedger(path)
    },
  }
}

/** Adds records to a ledger that is there; does nothing where somebody else has taken it away meanwhile. */
export async function appendToLedger(path: string, ...records: readonly LedgerRecord[]): Promise<void> {
  const { O_APPEND, O_NOFOLLOW, O_WRONLY } = constants
  let file: FileHandle
  try {
    file = await open(path, O_WRONLY | O_APPEND | O_NOFOLLOW)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  // Whoever wrote it may have been killed in the middle of a line.
  await appendTo(file, records, '\n').finally(() => file.close())
}

/** Takes a ledger away; one that is gone already is no fault. */
export async function removeLedger(path: string): Promise<void> {
  await rm(path, { force: true })
}

async function appendTo(file: FileHandle, records: readonly LedgerRecord[], before = ''): Promise<void> {
  // One write for all of them, so that a process that is killed leaves half a line at most.
  await file.appendFile(before + records.map((record) => `${JSON.stringify(record)}\n`).join(''))
  await file.datasync()
}
