import { randomBytes } from 'node:crypto'
import type { Call } from '../call.ts'
import { type Certificates, makeCertificates } from '../certificates.ts'
import type { Store } from '../swift/store.ts'
import { createBodies } from './bodies.ts'
import { type Credentials, createCredentialKeeper } from './keep-credentials.ts'
import { createStoreKeeper } from './keep-store.ts'
import { type Database, openDatabase } from './open-database.ts'
import { touchedBy } from './touched.ts'

/** A folder that keeps a sandbox's state between its runs. */
export type Data = {
  /** Whether nobody has used the folder before. */
  readonly isNew: boolean
  /** Those that are kept; undefined in a new folder. */
  readonly credentials: Credentials | undefined
  /** Keeps what there is in a new folder. */
  begin(credentials: Credentials): Promise<void>
  /** Keeps what the request has changed, before it is answered. Rejects with DataError when that cannot be. */
  save(call: Call, credentials: Credentials): Promise<void>
  /** The password of everybody: the given one or, without, that of the last time. */
  password(given: string | undefined): Promise<string>
  /** A certificate and its authority, the same as the last time while they are good. */
  certificates(): Promise<Certificates>
  close(): Promise<void>
}

/** Opens the folder and fills the stores with what it keeps. Throws DataError for one that cannot be used. */
export async function openData(folder: string, stores: Readonly<Record<Region, Store>>): Promise<Data> {
  const database = await openDatabase(folder)
  try {
    const bodies = createBodies(database)
    await bodies.load()
    const keepers = {
      RegionOne: createStoreKeeper(stores.RegionOne, { region: 'RegionOne', database, bodies }),
      RegionTwo: createStoreKeeper(stores.RegionTwo, { region: 'RegionTwo', database, bodies }),
    }
    await keepers.RegionOne.load()
    await keepers.RegionTwo.load()
    await bodies.sweep()
    const isNew = (await only(database, 'begun')) === undefined
    const credentials = createCredentialKeeper(database)
    const kept = await credentials.load()
    const save = async (call: Call, now: Credentials): Promise<void> => {
      const touched = touchedBy(call)
      if (touched?.kind === 'identity') await credentials.save(now)
      else if (touched !== undefined) await keepers[touched.region].save(touched.account, touched.spots)
    }
    // One after the other, so that what is compared with what is kept is true.
    let last: Promise<void> = Promise.resolve()
    const inTurn = (work: () => Promise<void>): Promise<void> => {
      const next = last.then(work)
      last = next.catch(() => {})
      return next
    }
    return {
      isNew,
      credentials: isNew ? undefined : kept,
      begin: (now) =>
        inTurn(async () => {
          await credentials.save(now)
          for (const [region, store] of Object.entries(stores))
            for (const name of store.names()) await keepers[region as Region].save(name)
          await database.write([{ type: 'put', key: ['begun'], value: true }])
        }),
      save: (call, now) =>
        touchedBy(call) === undefined ? Promise.resolve() : inTurn(() => save(call, now)),
      password: (given) => passwordOf(database, given),
      certificates: () => certificatesOf(database),
      close: () => inTurn(() => database.close()),
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

type Region = 'RegionOne' | 'RegionTwo'

async function passwordOf(database: Database, given: string | undefined): Promise<string> {
  const password = given ?? (await only<string>(database, 'password')) ?? randomBytes(12).toString('hex')
  await database.write([{ type: 'put', key: ['password'], value: password }])
  return password
}

// They are good for 30 days; who starts on the last of them is not to be cut off.
async function certificatesOf(database: Database): Promise<Certificates> {
  const now = Date.now()
  const kept = await only<{ readonly made: number; readonly certificates: Certificates }>(database, 'tls')
  if (kept !== undefined && now < kept.made + 15 * 86_400_000) return kept.certificates
  const certificates = makeCertificates(now)
  await database.write([{ type: 'put', key: ['tls'], value: { made: now, certificates } }])
  return certificates
}

async function only<T>(database: Database, kind: string): Promise<T | undefined> {
  for await (const [, value] of database.records(kind)) return value as T
  return undefined
}
