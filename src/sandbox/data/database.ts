import { createRequire } from 'node:module'
import { DataProblem } from './data-problem.ts'
import type { Change } from './journal.ts'

const require = createRequire(import.meta.url)

/** Keys and values on the disk, for one process at a time. */
export type Database = {
  /** All of the changes or, whatever happens meanwhile, none. */
  write(changes: readonly Change[]): Promise<void>
  /** All there is, in the order of the keys. */
  read(): AsyncIterable<readonly [key: string, value: string]>
  clear(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the LevelDB of a folder. Nobody else can while it is open, and the lock goes with the process, however that ends.
 * https://github.com/google/leveldb/blob/main/doc/index.md
 *
 * @param isNew makes it, if it is not there
 * @throws DataProblem when there is no LevelDB for this computer; else an error of LevelDB
 */
export async function openDatabase(folder: string, isNew: boolean): Promise<Database> {
  const { ClassicLevel } = loadLevel()
  const level = new ClassicLevel(folder, { createIfMissing: isNew })
  await level.open()
  return {
    async write(changes) {
      const batch = changes.map(([key, value]) =>
        value === undefined ? { type: 'del' as const, key } : { type: 'put' as const, key, value },
      )
      // Sync: what was answered is there after a power cut, too.
      await level.batch(batch, { sync: true })
    },
    read: () => level.iterator(),
    clear: () => level.clear(),
    close: () => level.close(),
  }
}

// It is an optional dependency: it has binaries for most computers, and not for all.
function loadLevel(): typeof import('classic-level') {
  try {
    return require('classic-level') as typeof import('classic-level')
  } catch (cause) {
    throw new DataProblem('unusable', 'the package classic-level is not installed for this computer', cause)
  }
}
