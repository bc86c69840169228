import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Keeper } from '../keeper.ts'
import type { Bodies, Body, Room } from '../swift/store/bodies.ts'
import { DataProblem, toDataProblem } from './data-problem.ts'
import type { Database } from './database.ts'
import { openDatabase } from './database.ts'
import { createFileBodies, filePiece } from './file-bodies.ts'
import { createJournal } from './journal.ts'
import { createLeases } from './leases.ts'
import { makeFolder, readMarker, writeMarker } from './marker.ts'
import type { KeptRecord } from './record.ts'
import { numberIn, parseRecord } from './record.ts'
import { createSeal } from './seal.ts'

/** What is kept of a sandbox in a folder: records in a database, and bodies in files. */
export type Data = {
  /** Whether nothing was kept yet. */
  readonly isNew: boolean
  readonly keeper: Keeper
  readonly bodies: Bodies
  /** All records, in the order of their names. */
  read(): Promise<readonly KeptRecord[]>
  /** The body in a file, or an empty one; each that is to stay is asked for before `begin`. */
  bodyIn(file: string | undefined, size: number): Pick<Body, 'parts' | 'size'>
  /** Lets what is there be good from now on, and removes the files for which nobody asked. */
  begin(): Promise<void>
  /** Resolves when all that was noted so far is on the disk; undefined when it is there already. */
  settled(): Promise<void> | undefined
  /** Keeps files that are freed as long as somebody may read them. */
  hold(): Disposable
  /** Ends when nobody holds any more. */
  close(): Promise<void>
}

type DataOptions = {
  /** What bodies may take, in bytes. */
  readonly limit: number
  /** Is told when something cannot be written; nothing is kept from then on. */
  readonly onFailure: (problem: DataProblem) => void
}

/**
 * Opens the data of a folder, which is made when it is not there.
 *
 * @throws DataProblem when it cannot be used; what is in it stays
 */
export async function openData(folder: string, options: DataOptions): Promise<Data> {
  return await asProblem(async () => {
    const isNew = (await readMarker(folder)) === 'new'
    const [records, bodies] = [join(folder, 'records'), join(folder, 'bodies')]
    if (isNew) await makeFolder(records)
    // From here on it is this sandbox's alone.
    const database = await openDatabase(records, isNew)
    try {
      if (isNew) await clear(database, bodies)
      return dataOf({ folder, bodies, isNew, database }, options)
    } catch (cause) {
      await database.close()
      throw cause
    }
  })
}

// A first start that was killed has left something.
async function clear(database: Database, bodies: string): Promise<void> {
  await database.clear()
  await rm(bodies, { recursive: true, force: true })
  await mkdir(bodies, { mode: 0o700 })
}

type Opened = {
  readonly folder: string
  readonly bodies: string
  readonly isNew: boolean
  readonly database: Database
}

function dataOf({ folder, bodies, isNew, database }: Opened, { limit, onFailure }: DataOptions): Data {
  const room: Room = { used: 0, limit }
  const seal = createSeal()
  const journal = createJournal(async (changes) => {
    try {
      await database.write(seal.close(changes))
    } catch (cause) {
      onFailure(toDataProblem(cause))
      throw cause
    }
  })
  const leases = createLeases(async (file) => {
    try {
      // Not before it is on the disk that nothing refers to it.
      await journal.settled()
      await rm(join(bodies, file), { force: true })
    } catch {
      // The next start removes it, if it may.
    }
  })
  const files = createFileBodies(bodies, room, (file) => leases.doom(file))
  const known = new Map<string, number>()
  // What is there from the start does not count at a later start either.
  let granted = 0
  const grant = (bytes: number): void => {
    granted += bytes
    journal.note(['granted'], { bytes: granted })
    files.grant(bytes)
  }
  return {
    isNew,
    keeper: journal,
    bodies: { ...files, grant },
    read: () =>
      asProblem(async () => {
        const values = await seal.open(database.read())
        const records = [...values].map(([key, value]) => parseRecord(key, value))
        for (const record of records) if (record.kind === 'granted') files.grant(numberIn(record, 'bytes'))
        return records
      }),
    bodyIn(file, size) {
      if (file === undefined) return { parts: [], size }
      if (!known.has(file)) room.used += size
      known.set(file, size)
      return { parts: [filePiece(bodies, file, 0, size)], size }
    },
    begin: () =>
      asProblem(async () => {
        if (!isNew) await sweep(bodies, known)
        await journal.settled()
        if (isNew) await writeMarker(folder, 'ready')
      }),
    settled: () => journal.settled(),
    hold: () => leases.hold(),
    async close() {
      await leases.idle()
      try {
        await journal.settled()
      } catch {
        // It was told when it happened.
      } finally {
        await database.close()
      }
    },
  }
}

// Leaves the bodies that are known, and whole; nothing is removed when one is not.
async function sweep(bodies: string, known: ReadonlyMap<string, number>): Promise<void> {
  const files = new Set(await readdir(bodies))
  for (const [file, size] of known)
    if (!files.has(file) || (await stat(join(bodies, file))).size !== size)
      throw new DataProblem('invalid', `the bytes of an object are missing or damaged (bodies/${file})`)
  for (const file of files) if (!known.has(file)) await rm(join(bodies, file), { force: true })
}

async function asProblem<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (cause) {
    throw toDataProblem(cause)
  }
}
