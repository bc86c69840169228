import type { Data } from '../../data/data.ts'
import type { KeptRecord } from '../../data/record.ts'
import { known, numberIn, pairsIn, textIn, textOrNone } from '../../data/record.ts'
import type { Container, Link, Segment, Store, StoredObject } from './stored.ts'

/** Puts what was noted of a region back into its store. The records are in the order of their names. */
export function restoreStore(store: Store, records: readonly KeptRecord[], data: Data): void {
  const of = (wanted: string): readonly KeptRecord[] =>
    records.filter(({ kind, names: [region] }) => kind === wanted && region === store.region)
  for (const record of of('account')) restoreAccount(store, record)
  for (const record of of('container')) restoreContainer(store, record)
  for (const record of of('version')) restoreVersion(store, record, data)
  for (const record of of('object')) restoreObject(store, record, data)
}

function restoreAccount(store: Store, record: KeptRecord): void {
  const [, name = ''] = record.names
  store.restore({
    name,
    created: numberIn(record, 'created'),
    metadata: pairsIn(record, 'metadata'),
    containers: new Map(),
  })
}

function restoreContainer(store: Store, record: KeptRecord): void {
  const [, account = '', name = ''] = record.names
  const { versioning, hasVersions } = record.fields
  known(record, 'account', store.known(account)).containers.set(name, {
    account,
    name,
    created: numberIn(record, 'created'),
    changed: numberIn(record, 'changed'),
    metadata: pairsIn(record, 'metadata'),
    objects: new Map(),
    versioning: versioning === undefined ? undefined : versioning === true,
    versions: hasVersions === true ? new Map() : undefined,
    newest: 0,
    bytes: 0,
    sorted: undefined,
  })
}

// The ids are times of one length: in their order the newest comes last.
function restoreVersion(store: Store, record: KeptRecord, data: Data): void {
  const [, , , name = '', id = ''] = record.names
  const container = containerOf(store, record)
  const versions = known(record, 'container', container.versions)
  const object = objectOf(record, data)
  versions.set(name, [{ id, object }, ...(versions.get(name) ?? [])])
  container.newest = Math.max(container.newest, object.timestamp)
  container.bytes += object.size
}

function restoreObject(store: Store, record: KeptRecord, data: Data): void {
  const [, , , name = ''] = record.names
  const container = containerOf(store, record)
  const object = objectOf(record, data)
  container.objects.set(name, object)
  if (object.version === undefined) container.bytes += object.size
}

function containerOf(store: Store, record: KeptRecord): Container {
  const [, account = '', container = ''] = record.names
  return known(record, 'container', store.known(account)?.containers.get(container))
}

function objectOf(record: KeptRecord, data: Data): StoredObject {
  const version = textOrNone(record, 'version')
  return {
    ...data.bodyIn(textOrNone(record, 'file'), numberIn(record, 'size')),
    etag: textIn(record, 'etag'),
    contentType: textIn(record, 'contentType'),
    metadata: pairsIn(record, 'metadata'),
    timestamp: numberIn(record, 'timestamp'),
    ...(record.fields.manifest !== undefined && { manifest: manifestOf(record) }),
    ...(version !== undefined && { version }),
    ...(record.fields.link !== undefined && { link: linkOf(record) }),
  }
}

function linkOf(record: KeptRecord): Link {
  const link = { ...record, fields: { ...Object(record.fields.link) } }
  const [account, etag] = [textOrNone(link, 'account'), textOrNone(link, 'etag')]
  const sloEtag = textOrNone(link, 'sloEtag')
  return {
    target: textIn(link, 'target'),
    ...(account !== undefined && { account }),
    ...(etag !== undefined && { etag, bytes: numberIn(link, 'bytes') }),
    ...(sloEtag !== undefined && { sloEtag }),
  }
}

function manifestOf(record: KeptRecord): NonNullable<StoredObject['manifest']> {
  const fields: Readonly<Record<string, unknown>> = { ...Object(record.fields.manifest) }
  const manifest = { ...record, fields }
  const { segments } = fields
  return {
    // What Swift would find in the manifest: it was checked when it came.
    segments: known(manifest, 'segments', Array.isArray(segments) ? (segments as Segment[]) : undefined),
    etag: textIn(manifest, 'etag'),
    total: numberIn(manifest, 'total'),
  }
}
