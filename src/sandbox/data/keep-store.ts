import type { Account, Container, Metadata, Store, StoredObject } from '../swift/store.ts'
import type { Version } from '../swift/version-store.ts'
import type { Bodies } from './bodies.ts'
import { DataError } from './data-error.ts'
import type { Change, Database, Key } from './open-database.ts'
import type { Spot } from './touched.ts'

/** Keeps the object store of a region in the database. */
export type StoreKeeper = {
  /** Fills the empty store with what is kept. Throws DataError for more than the memory takes. */
  load(): Promise<void>
  /** Writes what has changed at these spots of an account, or anywhere in it, and its metadata. */
  save(account: string, spots?: readonly Spot[]): Promise<void>
}

/** Where a store is kept. */
export type Place = { readonly region: string; readonly database: Database; readonly bodies: Bodies }

// Objects and lists of versions are replaced, never changed: the same one is as it was written.
type Entry = { readonly kind: 'object' | 'version'; readonly name: string; readonly of: object }
type Kept = Pick<Entry, 'of'> & { readonly key: Key; readonly bodies: readonly string[] }

type Fields = Pick<Container, 'created' | 'changed' | 'metadata' | 'versioning' | 'newest' | 'bytes'> & {
  readonly hasVersions: boolean
}
type KeptContainer = { fields: Fields | undefined; readonly entries: Map<string, Kept> }

/** An object or one of its versions in the database; the bytes are elsewhere. */
type ObjectRecord = {
  readonly id: string
  readonly object: Omit<StoredObject, 'parts'>
  readonly body: string
}

/** Makes the keeper of a store. */
export function createStoreKeeper(store: Store, { region, database, bodies }: Place): StoreKeeper {
  const keptAccounts = new Map<string, Metadata>()
  const keptContainers = new Map<string, Map<string, KeptContainer>>()
  const keptOf = (account: string): Map<string, KeptContainer> => {
    const found = keptContainers.get(account) ?? new Map<string, KeptContainer>()
    keptContainers.set(account, found)
    return found
  }

  const toRecord = async ({ id, object: { parts, ...object } }: Version): Promise<ObjectRecord> => ({
    id,
    object,
    body: parts.every(({ length }) => length === 0) ? '' : await bodies.keep(parts),
  })

  const fromRecord = ({ id, object, body }: ObjectRecord): Version => {
    const parts = body === '' ? [] : bodies.take(body)
    if (parts === undefined) throw new DataError('it is damaged: bytes of an object are missing')
    if (object.version === undefined && !store.memory.take(object.size))
      throw new DataError('it holds more than the memory that is allowed')
    return { id, object: { ...object, parts } }
  }

  const freed = (kept: Kept | undefined): readonly Change[] =>
    (kept?.bodies ?? []).flatMap((id) => bodies.release(id))
  const removal = (kept: Kept): readonly Change[] => [{ type: 'del', key: kept.key }, ...freed(kept)]

  async function changesOf(
    account: string,
    { container: name, object }: Spot,
    container: Container,
  ): Promise<readonly Change[]> {
    const all = keptOf(account)
    const kept = all.get(name) ?? { fields: undefined, entries: new Map<string, Kept>() }
    all.set(name, kept)
    const changes: Change[] = []
    const fields = fieldsOf(container)
    if (!isSame(fields, kept.fields))
      changes.push({ type: 'put', key: ['container', region, account, name], value: fields })
    kept.fields = fields
    const present = new Set<string>()
    for (const { versions, ...entry } of entriesOf(container, object)) {
      const id = `${entry.kind}/${entry.name}`
      present.add(id)
      const before = kept.entries.get(id)
      if (before?.of === entry.of) continue
      const key: Key = [entry.kind, region, account, name, entry.name]
      const value = await Promise.all(versions.map(toRecord))
      const own = { of: entry.of, key, bodies: value.map(({ body }) => body).filter((body) => body !== '') }
      kept.entries.set(id, own)
      changes.push({ type: 'put', key, value }, ...freed(before))
    }
    for (const id of object === undefined ? kept.entries.keys() : [`object/${object}`, `version/${object}`]) {
      const entry = kept.entries.get(id)
      if (entry === undefined || present.has(id)) continue
      kept.entries.delete(id)
      changes.push(...removal(entry))
    }
    return changes
  }

  function removalOf(account: string, name: string): readonly Change[] {
    const kept = keptOf(account).get(name)
    if (kept === undefined) return []
    keptOf(account).delete(name)
    return [
      { type: 'del', key: ['container', region, account, name] },
      ...[...kept.entries.values()].flatMap(removal),
    ]
  }

  async function loadEntries(kind: Entry['kind']): Promise<void> {
    for await (const [[own, account = '', name = '', entry = ''], value] of database.records(kind)) {
      const container = own === region ? store.known(account)?.containers.get(name) : undefined
      const kept = keptOf(account).get(name)
      if (container === undefined || kept === undefined) continue
      const records = value as readonly ObjectRecord[]
      const versions = records.map(fromRecord)
      const [first] = versions
      if (kind === 'version') container.versions?.set(entry, versions)
      else if (first !== undefined) container.objects.set(entry, first.object)
      kept.entries.set(`${kind}/${entry}`, {
        of: kind === 'version' ? versions : (first?.object ?? versions),
        key: [kind, region, account, name, entry],
        bodies: records.map(({ body }) => body).filter((body) => body !== ''),
      })
    }
  }

  const allOf = ({ name, containers }: Account): readonly Spot[] =>
    [...new Set([...containers.keys(), ...keptOf(name).keys()])].map((container) => ({ container }))

  return {
    async load() {
      for await (const [[own, name = ''], value] of database.records('account')) {
        if (own !== region) continue
        const fields = value as Pick<Account, 'created' | 'metadata'>
        store.restore({ name, ...fields, containers: new Map() })
        keptAccounts.set(name, fields.metadata)
      }
      for await (const [[own, account = '', name = ''], value] of database.records('container')) {
        if (own !== region) continue
        const { hasVersions, ...fields } = value as Fields
        const versions = hasVersions ? new Map() : undefined
        const container = { ...fields, name, objects: new Map(), versions, sorted: undefined }
        store.account(account).containers.set(name, container)
        keptOf(account).set(name, { fields: fieldsOf(container), entries: new Map() })
      }
      await loadEntries('object')
      await loadEntries('version')
    },
    async save(accountName, given) {
      const account = store.known(accountName)
      if (account === undefined) return
      const changes: Change[] = []
      const { created, metadata } = account
      if (keptAccounts.get(accountName) !== metadata)
        changes.push({ type: 'put', key: ['account', region, accountName], value: { created, metadata } })
      keptAccounts.set(accountName, metadata)
      for (const spot of given ?? allOf(account)) {
        const container = account.containers.get(spot.container)
        changes.push(
          ...(container === undefined
            ? removalOf(accountName, spot.container)
            : await changesOf(accountName, spot, container)),
        )
      }
      await database.write(changes)
    },
  }
}

function* entriesOf(
  container: Container,
  only: string | undefined,
): Iterable<Entry & { readonly versions: readonly Version[] }> {
  for (const name of only === undefined ? container.objects.keys() : [only]) {
    const object = container.objects.get(name)
    if (object) yield { kind: 'object', name, of: object, versions: [{ id: '', object }] }
  }
  for (const name of only === undefined ? (container.versions?.keys() ?? []) : [only]) {
    const versions = container.versions?.get(name)
    if (versions) yield { kind: 'version', name, of: versions, versions }
  }
}

function fieldsOf(container: Container): Fields {
  const { created, changed, metadata, versioning, newest, bytes, versions } = container
  return { created, changed, metadata, versioning, newest, bytes, hasVersions: versions !== undefined }
}

function isSame(one: Fields, other: Fields | undefined): boolean {
  return (
    other !== undefined && (Object.keys(one) as (keyof Fields)[]).every((name) => one[name] === other[name])
  )
}
