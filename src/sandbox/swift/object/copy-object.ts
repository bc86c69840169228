import { Readable } from 'node:stream'
import type { Call, Header } from '../../call.ts'
import { changedCall, isTrue, quote } from '../../call.ts'
import { readPieces, slice } from '../../piece.ts'
import type { Reply } from '../../reply.ts'
import { empty, notKnown, page, text } from '../answer.ts'
import { overQuota } from '../container/quota.ts'
import type { View } from '../large/large-object.ts'
import { plainView, viewOf } from '../large/large-object.ts'
import { putManifest, rawManifest } from '../large/manifest.ts'
import type { Found } from '../link/follow.ts'
import { followFor } from '../link/follow.ts'
import { linkHeaders } from '../link/link.ts'
import { putLink } from '../link/put-link.ts'
import { objectMetadata, refuseMetadata } from '../metadata.ts'
import type { Operation } from '../operation.ts'
import { containerAt, containerOf } from '../operation.ts'
import type { Place } from '../place.ts'
import { liveObject } from '../store/store.ts'
import type { Container, Segment, Store, StoredObject } from '../store/stored.ts'
import { findVersion, isDeleteMarker } from '../store/version-store.ts'
import { httpDate, roundedUp } from '../times.ts'
import { idOf, versionAsked, versionHeader } from '../versions/version-request.ts'
import { commit } from './commit.ts'
import { failedCondition } from './conditions.ts'
import { sourceAsked } from './copy-request.ts'
import { expiryOf, withExpiry } from './expiry.ts'
import { objectHeaders } from './object.ts'
import type { Range } from './ranges.ts'
import { parseRanges } from './ranges.ts'

/** PUT with X-Copy-From, for which COPY stands: https://docs.openstack.org/api-ref/object-store/#copy-object */
export async function copyObject(operation: Operation): Promise<Reply> {
  const { call, place, store } = operation
  const from = sourceAsked(call, place)
  if ('status' in from) return from
  if ((call.length ?? 0) > 0) return text(400, 'Copy requests require a zero byte body', 'text/plain')
  if (call.length === undefined && !call.chunked)
    return text(411, 'Missing Content-Length header.', 'text/plain')
  const source = sourceOf(operation, from)
  if ('status' in source) return source
  if (source.object.link !== undefined) return await copyLink(operation, from, source.object)
  const isBare = call.query.get('multipart-manifest') === 'get'
  if (isBare && source.object.manifest !== undefined)
    return await copyManifest(operation, from, source.object, source.object.manifest.segments)
  const view = partAsked(operation, source, isBare)
  if ('status' in view) return view
  const target = containerOf(operation)
  if (target === undefined) return page(404)
  const refused = refuseMetadata(call, 'object')
  if (refused) return refused
  const expiry = expiryOf(call, store.now())
  if (typeof expiry === 'object') return expiry
  const over = overQuota(target, view.size)
  if (over) return over
  // A large object is copied as one that is not.
  const body = await store.bodies.write(readPieces(view.parts), view.kind === 'plain' ? view.etag : undefined)
  if (body === 'full') return page(507)
  const { version: _, ...bare } = source.object
  const headers = copiedHeaders(call, source.object, isBare, expiry)
  const copy = { ...(isBare && bare), ...body, ...headers, timestamp: store.now() }
  const done = await commit(operation, copy)
  if ('status' in done) return done
  return copied(
    { call, from, source: source.object, copy },
    versionHeader(done.version),
    containerAt(from, store),
  )
}

// What of the source is asked for, or the answer of the GET of it that Swift sends itself.
function partAsked(
  { call, store, mayRead }: Operation,
  { object, place }: Found,
  isBare: boolean,
): View | Reply {
  const whole = isBare ? plainView(object) : viewOf(object, place.account, { store, mayRead })
  if ('status' in whole) return whole
  const failed = failedCondition(call, { etag: whole.etag, timestamp: object.timestamp })
  if (failed !== undefined) return empty(failed, objectHeaders(object, whole))
  const ranges = parseRanges(call.header('Range'), whole.size)
  if (ranges?.length === 0) return page(416)
  if ((ranges?.length ?? 0) > 1) return notKnown('a copy of several ranges')
  return part(whole, ranges?.[0])
}

/** The answer of a copy whose source cannot be read; `place` is that of the source. */
export function lostSource(operation: Operation): Reply | undefined {
  const source = sourceOf(operation, operation.place)
  return 'status' in source ? source : undefined
}

function sourceOf({ call, store, mayRead }: Operation, from: Place): Found | Reply {
  const verdict = mayRead(from)
  if (verdict !== 'yes') return page(verdict)
  const asked = versionAsked(call)
  const object = versionOf(containerAt(from, store), from.object, asked, store)
  if (object === undefined) return page(404)
  if (object.link !== undefined && call.query.get('symlink') === 'get')
    return { place: from, object, location: undefined }
  return followFor({ call, place: from, store, mayRead }, object)
}

function versionOf(
  container: Container | undefined,
  name: string,
  asked: string | undefined,
  store: Store,
): StoredObject | undefined {
  const found =
    asked === undefined || asked === 'null'
      ? liveObject(container, name, store)
      : findVersion(container, name, idOf(asked))
  const isOther = asked === 'null' && found?.version !== undefined
  return found === undefined || isOther || isDeleteMarker(found) ? undefined : found
}

// A manifest that is itself copied is put again: where it comes to its segments have to be there, too.
async function copyManifest(
  operation: Operation,
  from: Place,
  source: StoredObject,
  segments: readonly Segment[],
): Promise<Reply> {
  const { call, store } = operation
  const manifest = rawManifest(segments)
  const { metadata, contentType } = copiedHeaders(call, source, true, undefined)
  const put = changedCall(call, {
    headers: [...metadata, ...endHeaders(call), ['Content-Type', contentType]],
    query: new Map([['multipart-manifest', 'put']]),
    length: manifest.length,
    body: Readable.from([manifest]),
  })
  const reply = await putManifest({ ...operation, call: put })
  if (reply.status >= 300) return reply
  const shown = [...metadata].filter(([name]) => name.startsWith('X-Object-Meta-'))
  const origin = [
    ...originHeaders(from, source),
    ...shown,
    ...versionOrigin(call, source, containerAt(from, store)),
  ]
  return { ...reply, headers: [...reply.headers, ...origin] }
}

function endHeaders({ headers }: Call): readonly Header[] {
  return headers.filter(([name]) => /^x-delete-(at|after)$/i.test(name))
}

// A link that is itself copied leads to the same target.
async function copyLink(operation: Operation, from: Place, source: StoredObject): Promise<Reply> {
  const { call, store } = operation
  const headers = [
    ...(source.link ? linkHeaders(source.link) : []),
    ...copiedHeaders(call, source, true, undefined).metadata,
    ...endHeaders(call),
    ['Content-Type', call.header('Content-Type') || source.contentType] as const,
  ]
  const reply = await putLink({ ...operation, call: changedCall(call, { headers, length: 0 }) })
  if (reply.status >= 300) return reply
  const origin = originHeaders(from, source)
  return {
    ...reply,
    headers: [...reply.headers, ...origin, ...versionOrigin(call, source, containerAt(from, store))],
  }
}

// The source's metadata, and over it what the request has.
function copiedHeaders(
  call: Call,
  source: StoredObject,
  isBare: boolean,
  expiry: string | undefined,
): Pick<StoredObject, 'metadata' | 'contentType'> {
  const isFresh = isTrue(call.header('X-Fresh-Metadata'))
  const old = isFresh ? [] : [...source.metadata].filter(([name]) => isBare || name !== 'X-Object-Manifest')
  const type = call.header('Content-Type')
  return {
    metadata: withExpiry(new Map([...old, ...objectMetadata(call)]), expiry),
    contentType: type === undefined || type === '' ? source.contentType : type,
  }
}

// Of a range only that is copied, and it has an ETag of its own.
function part(view: View, range: Range | undefined): View {
  if (range === undefined) return view
  const size = range.last + 1 - range.first
  return { kind: 'dynamic', parts: slice(view.parts, range), size, etag: view.etag }
}

function copied(
  {
    call,
    from,
    source,
    copy,
  }: {
    readonly call: Call
    readonly from: Place
    readonly source: StoredObject
    readonly copy: StoredObject
  },
  version: readonly Header[],
  container: Container | undefined,
): Reply {
  return empty(201, [
    ['Etag', copy.manifest ? `"${copy.manifest.etag}"` : copy.etag],
    ['Last-Modified', httpDate(roundedUp(copy.timestamp))],
    ...originHeaders(from, source),
    ...[...copy.metadata].filter(([name]) => name.startsWith('X-Object-Meta-') || name === 'X-Delete-At'),
    ...versionOrigin(call, source, container),
    ...version,
  ])
}

function originHeaders(from: Place, source: StoredObject): readonly Header[] {
  return [
    ['X-Copied-From-Account', quote(from.account)],
    ['X-Copied-From', `${quote(from.container)}/${quote(from.object)}`],
    ['X-Copied-From-Last-Modified', httpDate(roundedUp(source.timestamp))],
  ]
}

function versionOrigin(
  call: Call,
  { version }: StoredObject,
  from: Container | undefined,
): readonly Header[] {
  const asked = versionAsked(call)
  const isVersioned = from?.versions !== undefined || asked === 'null'
  return isVersioned ? [['X-Copied-From-Version-Id', asked ?? version ?? 'null']] : []
}
