import type { Call, Header } from '../call.ts'
import type { Reply } from '../reply.ts'
import { empty, page, text } from './answer.ts'
import { listingOptions, listNames, wholeListing } from './listing.ts'
import { listingHead, listingReply, type Row } from './listing-format.ts'
import { mergeMetadata, refuseMetadata } from './metadata.ts'
import type { Account, Container, Store } from './store.ts'
import { addContainer, sortedNames } from './store.ts'
import { httpDate, listingTime, roundedUp, timestamp } from './times.ts'
import type { LevelRow } from './web-listing.ts'

/** Answers what is asked of a container: https://docs.openstack.org/api-ref/object-store/#containers */
export function askContainer(call: Call, account: Account, name: string, store: Store): Reply {
  const container = account.containers.get(name)
  if (call.method === 'PUT') return put(call, account, name, store)
  if (container === undefined) return page(404)
  switch (call.method) {
    case 'HEAD':
      return listingHead(call, containerHeaders(container))
    case 'GET':
      return list(call, container)
    case 'DELETE':
      if (container.objects.size > 0) return page(409)
      account.containers.delete(name)
      return empty(204)
    default: {
      const refused = refuseMetadata(call, 'container')
      if (refused) return refused
      container.metadata = mergeMetadata(call, 'container', container.metadata)
      container.changed = store.now()
      return empty(204)
    }
  }
}

function put(call: Call, account: Account, name: string, store: Store): Reply {
  const length = Buffer.byteLength(name)
  if (length > 256) return text(400, `Container name length of ${length} longer than 256`, 'text/plain')
  const refused = refuseMetadata(call, 'container')
  if (refused) return refused
  const policy = call.header('X-Storage-Policy')
  if (policy !== undefined && policy !== '' && policy.toLowerCase() !== 'policy-0')
    return text(400, `Invalid X-Storage-Policy '${policy}'`, 'text/plain')
  const container = account.containers.get(name)
  const metadata = mergeMetadata(call, 'container', container?.metadata ?? new Map())
  if (container === undefined) {
    addContainer(account, name, metadata, store.now())
    return empty(201)
  }
  container.metadata = metadata
  container.changed = store.now()
  return page(202)
}

function list(call: Call, container: Container): Reply {
  const options = listingOptions(call)
  if ('status' in options) return options
  const rows = listNames(sortedNames(container), options).flatMap((entry): readonly Row[] => {
    if ('subdir' in entry) return [{ subdir: entry.subdir }]
    const object = container.objects.get(entry.name)
    if (object === undefined) return []
    const { size, etag, contentType, timestamp: time, manifest } = object
    return [
      {
        bytes: manifest?.total ?? size,
        hash: etag,
        name: entry.name,
        content_type: contentType,
        last_modified: listingTime(time),
        ...(manifest && { slo_etag: `"${manifest.etag}"` }),
      },
    ]
  })
  return listingReply(
    call,
    { element: 'container', item: 'object', name: container.name },
    rows,
    containerHeaders(container),
  )
}

/** The names below a prefix up to the next slash, as a site shows them. */
export function listLevel(container: Container, prefix: string): readonly LevelRow[] {
  const options = { ...wholeListing, prefix, delimiter: '/' }
  return listNames(sortedNames(container), options).map((entry) => {
    const object = 'name' in entry ? container.objects.get(entry.name) : undefined
    if ('subdir' in entry || object === undefined)
      return { name: 'name' in entry ? entry.name : entry.subdir }
    const { size, manifest, contentType, timestamp: modified } = object
    return { name: entry.name, bytes: manifest?.total ?? size, type: contentType, modified }
  })
}

function containerHeaders({ objects, bytes, created, changed, metadata }: Container): readonly Header[] {
  return [
    ['X-Container-Object-Count', String(objects.size)],
    ['X-Container-Bytes-Used', String(bytes)],
    ['X-Timestamp', timestamp(created)],
    ...metadata,
    ['Last-Modified', httpDate(roundedUp(changed))],
    ['Accept-Ranges', 'bytes'],
    ['X-Storage-Policy', 'Policy-0'],
  ]
}
