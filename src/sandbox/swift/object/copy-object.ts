import type { Call, Header } from '../../call.ts'
import { decodePercent, quote } from '../../call.ts'
import { readPieces, slice } from '../../piece.ts'
import type { Reply } from '../../reply.ts'
import { empty, notKnown, page, text } from '../answer.ts'
import { overQuota } from '../container/quota.ts'
import type { MayRead, View } from '../large/large-object.ts'
import { plainView, viewOf } from '../large/large-object.ts'
import { objectMetadata, refuseMetadata } from '../metadata.ts'
import { liveObject, putObject } from '../store/store.ts'
import type { Account, Container, Store, StoredObject } from '../store/stored.ts'
import { findVersion, isDeleteMarker, keepsVersions } from '../store/version-store.ts'
import { httpDate, roundedUp } from '../times.ts'
import { idOf, versionAsked, versionHeader } from '../versions/version-request.ts'
import { failedCondition } from './conditions.ts'
import { storedType } from './content-type.ts'
import { expiryOf, withExpiry } from './expiry.ts'
import { objectHeaders } from './object.ts'
import type { Range } from './ranges.ts'
import { parseRanges } from './ranges.ts'

type Spot = { readonly container: string; readonly object: string }

/** COPY, or PUT with X-Copy-From: https://docs.openstack.org/api-ref/object-store/#copy-object */
export async function copyObject(
  call: Call,
  account: Account,
  here: Spot,
  store: Store,
  mayRead: MayRead,
): Promise<Reply> {
  const header = call.method === 'COPY' ? 'Destination' : 'X-Copy-From'
  const named = call.header(header)
  if (named === undefined) return text(412, `${header} header required`)
  const there = parseSpot(named)
  if (there === undefined)
    return text(412, `${header} header must be of the form <container name>/<object name>`)
  if (call.method === 'PUT' && (call.length ?? 0) > 0)
    return text(400, 'Copy requests require a zero byte body', 'text/plain')
  if (call.method === 'PUT' && call.length === undefined && !call.chunked)
    return text(411, 'Missing Content-Length header.', 'text/plain')
  const refused = refuseMetadata(call, 'object')
  if (refused) return refused
  const expiry = expiryOf(call, store.now())
  if (typeof expiry === 'object') return expiry
  const [from, to] = call.method === 'COPY' ? [here, there] : [there, here]
  const asked = call.method === 'COPY' ? versionAsked(call) : undefined
  const source = sourceOf(account.containers.get(from.container), from.object, asked, store)
  const target = account.containers.get(to.container)
  if (source === undefined || target === undefined) return page(404)
  const isBare = call.query.get('multipart-manifest') === 'get'
  const whole = isBare ? plainView(source) : viewOf(source, account, mayRead)
  if ('status' in whole) return whole
  const failed = failedCondition(call, { etag: whole.etag, timestamp: source.timestamp })
  if (failed !== undefined) return empty(failed, objectHeaders(source, whole))
  const ranges = parseRanges(call.header('Range'), whole.size)
  if (ranges?.length === 0) return page(416)
  if ((ranges?.length ?? 0) > 1) return notKnown('a copy of several ranges')
  const view = part(whole, ranges?.[0])
  const headers = copiedHeaders(call, source, isBare, expiry)
  if (keepsVersions(target) && headers.metadata.has('X-Delete-At'))
    return notKnown('a copy with an end of its own in a container with versions')
  const over = overQuota(target, view.size)
  if (over) return over
  // A large object is copied as one that is not.
  const body = await store.bodies.write(readPieces(view.parts), view.kind === 'plain' ? view.etag : undefined)
  if (body === 'full') return page(507)
  // The container can have gone while the bytes were copied.
  const container = account.containers.get(to.container)
  if (container === undefined) {
    store.bodies.free(body)
    return page(404)
  }
  const { version: current, ...bare } = source
  const copy = { ...(isBare && bare), ...body, ...headers, timestamp: store.now() }
  const version = putObject(container, to.object, copy, store)
  const reply = copied(account, from, source, copy)
  const isVersioned = account.containers.get(from.container)?.versions !== undefined || asked === 'null'
  const origin: readonly Header[] = isVersioned
    ? [['X-Copied-From-Version-Id', asked ?? current ?? 'null']]
    : []
  return { ...reply, headers: [...reply.headers, ...origin, ...versionHeader(version)] }
}

function sourceOf(
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

// The source's metadata, and over it what the request has.
function copiedHeaders(
  call: Call,
  source: StoredObject,
  isBare: boolean,
  expiry: string | undefined,
): Pick<StoredObject, 'metadata' | 'contentType'> {
  const fresh = /^(true|1|yes|on|t|y)$/i.test(call.header('X-Fresh-Metadata') ?? '')
  const old = fresh ? [] : [...source.metadata].filter(([name]) => isBare || name !== 'X-Object-Manifest')
  const type = call.header('Content-Type')
  return {
    metadata: withExpiry(new Map([...old, ...objectMetadata(call)]), expiry),
    contentType: type === undefined || type === '' ? source.contentType : storedType(type),
  }
}

// Of a range only that is copied, and it has an ETag of its own.
function part(view: View, range: Range | undefined): View {
  if (range === undefined) return view
  const size = range.last + 1 - range.first
  return { kind: 'dynamic', parts: slice(view.parts, range), size, etag: view.etag }
}

function copied(account: Account, from: Spot, source: StoredObject, copy: StoredObject): Reply {
  const headers: readonly Header[] = [
    ['Etag', copy.manifest ? `"${copy.manifest.etag}"` : copy.etag],
    ['Last-Modified', httpDate(roundedUp(copy.timestamp))],
    ['X-Copied-From-Account', quote(account.name)],
    ['X-Copied-From', `${quote(from.container)}/${quote(from.object)}`],
    ['X-Copied-From-Last-Modified', httpDate(roundedUp(source.timestamp))],
    ...[...copy.metadata].filter(([name]) => name.startsWith('X-Object-Meta-') || name === 'X-Delete-At'),
  ]
  return empty(201, headers)
}

function parseSpot(header: string): Spot | undefined {
  const path = decodePercent(header.replace(/^\//, '')) ?? ''
  const at = path.indexOf('/')
  if (at <= 0 || at === path.length - 1 || path.includes('\0')) return undefined
  return { container: path.slice(0, at), object: path.slice(at + 1) }
}
