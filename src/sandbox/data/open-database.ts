import { mkdir, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { DataError } from './data-error.ts'

const require = createRequire(import.meta.url)

/** A change of the database: a value under a key, or its removal. */
export type Change =
  | { readonly type: 'put'; readonly key: Key; readonly value: unknown }
  | { readonly type: 'del'; readonly key: Key }

/** What a record is of, from the general to the particular: `['object', 'RegionOne', 'AUTH_1', 'photos', 'a.jpg']`. */
export type Key = readonly [kind: string, ...names: string[]]

/** The records of a folder. Values are what the structured clone algorithm takes. */
export type Database = {
  /** Changes all of these or, if the process dies meanwhile, none. Rejects with DataError when the folder takes no more. */
  write(changes: readonly Change[]): Promise<void>
  /** The records of a kind, in the order of their keys. */
  records(kind: string): AsyncIterable<readonly [names: readonly string[], value: unknown]>
  close(): Promise<void>
}

// What is written into the folder changes with it.
const format = 1

/**
 * Opens the database in a folder, which is made when it is not there, but not those above it; nobody else may read it. Throws DataError for a
 * folder that is in use, of another format, damaged, or no folder.
 * https://github.com/Level/classic-level
 */
export async function openDatabase(folder: string): Promise<Database> {
  const { ClassicLevel } = loadLevel()
  const store = join(folder, 'store')
  let level: InstanceType<typeof ClassicLevel<string, Buffer>>
  try {
    // It holds passwords and secrets of application credentials. A new one opens itself, and would make the folder.
    await makeFolder(folder)
    await makeFolder(store)
    level = new ClassicLevel<string, Buffer>(store, { valueEncoding: 'buffer' })
    await level.open()
  } catch (error) {
    throw new DataError(whyNot(error), { cause: error })
  }
  let broken: DataError | undefined
  const database: Database = {
    async write(changes) {
      // After a change that was not written no later one can be true.
      if (broken !== undefined) throw broken
      const batch = changes.map((change) =>
        change.type === 'del'
          ? { type: 'del' as const, key: keyText(change.key) }
          : { type: 'put' as const, key: keyText(change.key), value: serialize(change.value) },
      )
      await level.batch(batch).catch((error: unknown) => {
        broken = new DataError(whyNot(error), { cause: error })
        throw broken
      })
    },
    async *records(kind) {
      // A key is the JSON of a list, so that those of a kind stand together.
      const start = keyText([kind]).slice(0, -1)
      for await (const [key, value] of level.iterator({ gte: start, lt: `${start}\uffff` })) {
        const [own, ...names] = JSON.parse(key) as string[]
        if (own === kind) yield [names, deserialize(value)]
      }
    },
    close: () => level.close(),
  }
  try {
    await checkFormat(database)
  } catch (error) {
    await level.close()
    throw error instanceof DataError ? error : new DataError(whyNot(error), { cause: error })
  }
  return database
}

// One at a time: in /proc and its like Node tries for ever to make a folder with those above it.
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    const isFolder = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (!isFolder) throw error
  }
}

// Who keeps nothing does not load it.
function loadLevel(): typeof import('classic-level') {
  try {
    return require('classic-level') as typeof import('classic-level')
  } catch (cause) {
    throw new DataError('the package classic-level, which keeps it, is not installed for this machine', {
      cause,
    })
  }
}

async function checkFormat(database: Database): Promise<void> {
  for await (const [, found] of database.records('format')) {
    if (found === format) return
    throw new DataError(`it was written by another version of osrun, in the format ${String(found)}`)
  }
  await database.write([{ type: 'put', key: ['format'], value: format }])
}

function keyText(key: Key): string {
  return JSON.stringify(key)
}

function whyNot(error: unknown): string {
  const { code, cause, message } = error as { code?: string; cause?: { code?: string }; message: string }
  const told = `${code} ${cause?.code} ${message} ${(cause as Error | undefined)?.message}`
  const known = reasons.find(([pattern]) => pattern.test(told))
  return known?.[1] ?? `it cannot be used: ${(cause as Error | undefined)?.message ?? message}`
}

// Of its own files LevelDB says it in the system's words.
const reasons: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/LEVEL_LOCKED/, 'another sandbox uses it'],
  [/LEVEL_CORRUPTION/, 'it is damaged'],
  [/EEXIST|ENOTDIR/, 'it is no folder'],
  [/ENOENT.*mkdir/, 'there is no folder to make it in'],
  [/EACCES|EPERM|EROFS|Permission denied|Read-only file system/, 'it may not be written to'],
  [/ENOSPC|No space left/, 'the disk is full'],
]
