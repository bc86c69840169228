import { randomBytes, X509Certificate } from 'node:crypto'
import type { Certificates } from './certificates.ts'
import { makeCertificates } from './certificates.ts'
import type { Data } from './data/data.ts'
import type { DataProblem } from './data/data-problem.ts'
import type { KeptRecord } from './data/record.ts'
import { textIn } from './data/record.ts'
import type { Keeper } from './keeper.ts'
import type { EarlierIdentity } from './keystone/identity/identity.ts'
import { restoreIdentity } from './keystone/identity/restore.ts'
import { createMemoryBodies } from './swift/store/bodies.ts'
import { restoreStore } from './swift/store/restore.ts'
import { seedRegionOne, seedRegionTwo } from './swift/store/seed.ts'
import { createStore } from './swift/store/store.ts'
import type { Store } from './swift/store/stored.ts'

/** What a sandbox remembers. */
export type State = {
  readonly regionOne: Store
  readonly regionTwo: Store
  readonly password: string | undefined
  readonly certificates: Certificates | undefined
  /** What an earlier run has left of Keystone. */
  readonly earlier?: EarlierIdentity
  /** Where all of it is kept; not there in memory. */
  readonly data?: Data
}

/** What a state begins with. */
export type StateOptions = {
  readonly now: () => number
  readonly tls: boolean
  readonly password: string | undefined
  /** What objects may take, in bytes; unless given 1 GiB in memory, and in a folder what the disk has. */
  readonly limit: number | undefined
}

/** A state that is gone with the process. */
export async function createState({ now, tls, password, limit = 1024 ** 3 }: StateOptions): Promise<State> {
  const bodies = createMemoryBodies(limit)
  const regionOf = (region: string): Store => createStore({ region, bodies, keeper: undefined, now })
  const [regionOne, regionTwo] = [regionOf('RegionOne'), regionOf('RegionTwo')]
  await seedRegionOne(regionOne)
  await seedRegionTwo(regionTwo)
  return { regionOne, regionTwo, password, certificates: tls ? makeCertificates(Date.now()) : undefined }
}

/**
 * A state that is kept in a folder: what is there, or the one with which every sandbox begins.
 *
 * @param onFailure is told when something cannot be kept any more
 * @throws DataProblem when the folder cannot be used
 */
export async function openState(
  folder: string,
  options: StateOptions,
  onFailure: (problem: DataProblem) => void,
): Promise<State> {
  const { openData } = await import('./data/data.ts')
  const data = await openData(folder, { limit: options.limit ?? Number.POSITIVE_INFINITY, onFailure })
  try {
    return await stateIn(data, options)
  } catch (cause) {
    await data.close()
    throw cause
  }
}

async function stateIn(data: Data, { now, tls, password: given }: StateOptions): Promise<State> {
  const records = data.isNew ? [] : await data.read()
  const { bodies, keeper } = data
  const regionOf = (region: string): Store => createStore({ region, bodies, keeper, now })
  const [regionOne, regionTwo] = [regionOf('RegionOne'), regionOf('RegionTwo')]
  const password = passwordOf(records, given, keeper)
  const certificates = tls ? certificatesOf(records, keeper) : undefined
  if (!data.isNew) {
    restoreStore(regionOne, records, data)
    restoreStore(regionTwo, records, data)
    return { regionOne, regionTwo, password, certificates, earlier: restoreIdentity(records, password), data }
  }
  await seedRegionOne(regionOne)
  await seedRegionTwo(regionTwo)
  return { regionOne, regionTwo, password, certificates, data }
}

// It is told at every start, and so cannot be hashed.
function passwordOf(records: readonly KeptRecord[], given: string | undefined, keeper: Keeper): string {
  const record = records.find(({ kind }) => kind === 'password')
  const kept = record && textIn(record, 'password')
  const password = given ?? kept ?? randomBytes(12).toString('hex')
  if (password !== kept) keeper.note(['password'], { password })
  return password
}

// New ones on the last day of the old ones.
function certificatesOf(records: readonly KeptRecord[], keeper: Keeper): Certificates {
  const record = records.find(({ kind }) => kind === 'certificates')
  if (record !== undefined) {
    const [key, cert] = [textIn(record, 'key'), textIn(record, 'cert')]
    const end = Date.parse(new X509Certificate(cert).validTo)
    if (end > Date.now() + 86_400_000) return { key, cert, authority: textIn(record, 'authority') }
  }
  const made = makeCertificates(Date.now())
  keeper.note(['certificates'], made)
  return made
}
