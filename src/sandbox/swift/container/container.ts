import type { Call, Header } from '../../call.ts'
import { isTrue, quote } from '../../call.ts'
import { toPythonJson } from '../../python-json.ts'
import type { Reply } from '../../reply.ts'
import { empty, page, text } from '../answer.ts'
import { listingOptions, listNames, wholeListing } from '../listing/listing.ts'
import { listingHead, listingReply, type Row } from '../listing/listing-format.ts'
import { versionRows } from '../listing/version-listing.ts'
import { mergeMetadata, refuseMetadata } from '../metadata.ts'
import { listedType } from '../object/content-type.ts'
import type { LevelRow } from '../site/web-listing.ts'
import type { ContainerChange } from '../store/container-store.ts'
import { addContainer, changeContainer, removeContainer } from '../store/container-store.ts'
import { sortedNames } from '../store/store.ts'
import type { Account, Container, Store, StoredObject } from '../store/stored.ts'
import { httpDate, listingTime, roundedUp, timestamp } from '../times.ts'
import { refuseLocation, refuseVersioning } from '../versions/versions-location.ts'
import { refuseQuota } from './quota.ts'
import { refuseSync } from './sync.ts'

/** Answers what is asked of a container: https://docs.openstack.org/api-ref/object-store/#containers */
export function askContainer(call: Call, account: Account, name: string, store: Store): Reply {
  const container = account.containers.get(name)
  if (call.method === 'PUT') return put(call, account, name, store)
  if (container === undefined) return page(404)
  switch (call.method) {
    case 'HEAD':
      return listingHead(call, containerHeaders(container))
    case 'GET':
      return call.query.has('versions') ? listVersions(call, container) : list(call, account, container)
    case 'DELETE':
      if ((container.versions?.size ?? 0) > 0)
        return text(409, 'Delete all versions before deleting container.')
      if (container.objects.size > 0) return page(409)
      removeContainer(account, name, store)
      return empty(204)
    default:
      return change(call, account, container, store) ?? empty(204)
  }
}

function put(call: Call, account: Account, name: string, store: Store): Reply {
  const length = Buffer.byteLength(name)
  if (length > 256) return text(400, `Container name length of ${length} longer than 256`)
  const policy = call.header('X-Storage-Policy')
  if (policy !== undefined && policy !== '' && policy.toLowerCase() !== 'policy-0')
    return text(400, `Invalid X-Storage-Policy '${policy}'`, 'text/plain')
  const container = account.containers.get(name)
  if (container !== undefined) return change(call, account, container, store) ?? page(202)
  const wanted = changeOf(call, undefined)
  if ('status' in wanted) return wanted
  addContainer(account, name, wanted, store)
  return empty(201)
}

// Gives why it cannot be changed so.
function change(call: Call, account: Account, container: Container, store: Store): Reply | undefined {
  const wanted = changeOf(call, container)
  if ('status' in wanted) return wanted
  changeContainer(account, container, wanted, store)
  return undefined
}

function list(call: Call, account: Account, container: Container): Reply {
  const options = listingOptions(call)
  if ('status' in options) return options
  const rows = listNames(sortedNames(container), options).flatMap((entry): readonly Row[] => {
    if ('subdir' in entry) return [{ subdir: entry.subdir }]
    const object = container.objects.get(entry.name)
    if (object === undefined) return []
    const row = objectRow(account.name, entry.name, object)
    if (object.version === undefined) return [row]
    const path = quote(`/v1/${account.name}/${container.name}/${entry.name}`)
    return [{ ...row, symlink_path: `${path}?version-id=${object.version}`, version_symlink: true }]
  })
  return listingReply(
    call,
    { element: 'container', item: 'object', name: container.name },
    rows,
    containerHeaders(container),
  )
}

function listVersions(call: Call, container: Container): Reply {
  const options = listingOptions(call)
  if ('status' in options) return options
  const rows = versionRows(call, container, options, (name, object) =>
    objectRow(container.account, name, object),
  )
  if ('status' in rows) return rows
  const type = ['Content-Type', 'application/json; charset=utf-8'] as const
  return { status: 200, headers: [type, ...containerHeaders(container)], body: toPythonJson(rows) }
}

function objectRow(account: string, name: string, object: StoredObject): Row {
  const { size, etag, contentType, timestamp: time, manifest, link } = object
  const sloEtag = manifest?.etag ?? link?.sloEtag
  return {
    bytes: manifest?.total ?? size,
    hash: etag,
    name,
    content_type: listedType(contentType),
    last_modified: listingTime(time),
    ...(sloEtag !== undefined && { slo_etag: `"${sloEtag}"` }),
    ...(link?.etag !== undefined && { symlink_etag: link.etag, symlink_bytes: link.bytes ?? 0 }),
    ...(link && { symlink_path: `/v1/${link.account ?? quote(account)}/${link.target}` }),
  }
}

/** The names below a prefix up to the next slash, as a site shows them. */
export function listLevel(container: Container, prefix: string): readonly LevelRow[] {
  const options = { ...wholeListing, prefix, delimiter: '/' }
  return listNames(sortedNames(container), options).map((entry) => {
    const object = 'name' in entry ? container.objects.get(entry.name) : undefined
    if ('subdir' in entry || object === undefined)
      return { name: 'name' in entry ? entry.name : entry.subdir }
    const { size, manifest, contentType, timestamp: modified } = object
    return { name: entry.name, bytes: manifest?.total ?? size, type: listedType(contentType), modified }
  })
}

// https://docs.openstack.org/swift/latest/middleware.html#object-versioning
function changeOf(call: Call, container: Container | undefined): ContainerChange | Reply {
  const asked = call.header('X-Versions-Enabled')
  const refused =
    refuseQuota(call) ??
    refuseSync(call) ??
    refuseLocation(call) ??
    refuseVersioning(asked, container) ??
    refuseMetadata(call, 'container')
  if (refused) return refused
  const metadata = mergeMetadata(call, 'container', container?.metadata ?? new Map())
  if ('status' in metadata) return metadata
  return {
    metadata,
    versioning: asked === undefined ? undefined : isTrue(asked),
  }
}

function containerHeaders({
  objects,
  bytes,
  created,
  changed,
  metadata,
  versioning,
}: Container): readonly Header[] {
  return [
    ['X-Container-Object-Count', String(objects.size)],
    ['X-Container-Bytes-Used', String(bytes)],
    ['X-Timestamp', timestamp(created)],
    ...metadata,
    ['Last-Modified', httpDate(roundedUp(changed))],
    ['Accept-Ranges', 'bytes'],
    ['X-Storage-Policy', 'Policy-0'],
    ...(versioning === undefined ? [] : [['X-Versions-Enabled', versioning ? 'True' : 'False'] as const]),
  ]
}
