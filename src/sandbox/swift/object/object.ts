import { createHash, randomBytes } from 'node:crypto'
import type { Call, Header } from '../../call.ts'
import { slice } from '../../piece.ts'
import type { Reply } from '../../reply.ts'
import { empty, page, reasonOf, text } from '../answer.ts'
import type { View } from '../large/large-object.ts'
import { plainView, viewOf } from '../large/large-object.ts'
import { rawManifest } from '../large/manifest.ts'
import { followFor, withLocation } from '../link/follow.ts'
import { linkHeaders, targetOf, targetPath } from '../link/link.ts'
import { objectMetadata, refuseMetadata } from '../metadata.ts'
import type { Operation } from '../operation.ts'
import { containerAt } from '../operation.ts'
import type { Place } from '../place.ts'
import { liveObject, replaceObject } from '../store/store.ts'
import type { Link, StoredObject } from '../store/stored.ts'
import { httpDate, roundedUp, timestamp } from '../times.ts'
import { failedCondition } from './conditions.ts'
import { shownType } from './content-type.ts'
import { expiryOf, withExpiry } from './expiry.ts'
import type { Range } from './ranges.ts'
import { parseRanges } from './ranges.ts'

/** GET and HEAD of an object: https://docs.openstack.org/api-ref/object-store/#get-object-content-and-metadata */
export function readObject(operation: Operation, stored: StoredObject | undefined): Reply {
  if (stored?.link !== undefined && operation.call.query.get('symlink') === 'get')
    return sendObject(operation, stored, operation.place)
  const found = followFor(operation, stored)
  return 'status' in found
    ? found
    : withLocation(sendObject(operation, found.object, found.place), found.location)
}

function sendObject({ call, store, mayRead }: Operation, stored: StoredObject, { account }: Place): Reply {
  const isBare = call.query.get('multipart-manifest') === 'get'
  const object = isBare ? asManifest(stored, call.query.get('format') === 'raw') : stored
  const view = isBare ? plainView(object) : viewOf(object, account, { store, mayRead })
  if ('status' in view) return view
  const failed = failedCondition(call, { etag: view.etag, timestamp: object.timestamp })
  const about = objectHeaders(object, view)
  const type = shownType(object.contentType)
  if (failed === 304) return empty(304, [...about, ['Accept-Ranges', 'bytes']], type)
  if (failed === 412) return empty(412, about)
  const headers: readonly Header[] = [['Content-Type', type], ...about, ['Accept-Ranges', 'bytes']]
  if (call.method === 'HEAD') return { status: 200, headers, body: '', length: view.size }
  return sendRanges(call, view, headers, type)
}

// A static large object's manifest is sent as JSON, or in the words of who made it.
function asManifest(stored: StoredObject, raw: boolean): StoredObject {
  if (stored.manifest === undefined) return stored
  if (!raw) return { ...stored, contentType: 'application/json; charset=utf-8' }
  const bytes = rawManifest(stored.manifest.segments)
  return {
    ...stored,
    parts: [bytes],
    size: bytes.length,
    etag: createHash('md5').update(bytes).digest('hex'),
  }
}

function sendRanges(call: Call, view: View, headers: readonly Header[], type: string): Reply {
  const wanted = parseRanges(call.header('Range'), view.size)
  const ranges = view.kind === 'dynamic' && (wanted?.length ?? 0) > 1 ? undefined : wanted
  if (ranges === undefined) return { status: 200, headers, body: view.parts }
  const [range] = ranges
  if (range === undefined) {
    const whole: Header = ['Content-Range', `bytes */${view.size}`]
    return view.kind === 'dynamic'
      ? page(416, [['Accept-Ranges', 'bytes'], whole])
      : { ...page(416), headers: [...headers, whole] }
  }
  if (ranges.length > 1) return severalParts(view, ranges, headers, type)
  return {
    status: 206,
    headers: [...headers, ['Content-Range', contentRange(range, view)]],
    body: slice(view.parts, range),
  }
}

/** POST: replaces an object's metadata; its type stays unless given. */
export function postObject({ call, place, store }: Operation): Reply {
  if (call.header('X-Symlink-Target') !== undefined)
    return text(400, 'A PUT request is required to set a symlink target', 'text/plain')
  const container = containerAt(place, store)
  const refused = refuseMetadata(call, 'object')
  if (refused) return refused
  const expiry = expiryOf(call, store.now())
  if (typeof expiry === 'object') return expiry
  const object = liveObject(container, place.object, store)
  if (container === undefined || object === undefined) return page(404)
  const type = call.header('Content-Type')
  const changed = {
    ...object,
    metadata: withExpiry(objectMetadata(call), expiry),
    contentType: type === undefined || type === '' ? object.contentType : type,
    timestamp: store.now(),
  }
  replaceObject(container, place.object, changed, store)
  return object.link === undefined ? page(202) : postedToLink(object.link, place)
}

// The link has the metadata now; whoever meant the target is told where that is.
function postedToLink(link: Link, place: Place): Reply {
  const reply = text(307, linkWasPosted)
  const location: Header = ['Location', targetPath(link, targetOf(link, place))]
  const etag: readonly Header[] = link.etag === undefined ? [] : [['X-Symlink-Target-Etag', link.etag]]
  return { ...reply, headers: [...reply.headers, location, ...etag] }
}

const linkWasPosted =
  'The requested POST was applied to a symlink. POST directly to the target to apply requested metadata.'

/** The headers that tell of an object, its type apart. */
export function objectHeaders(
  { metadata, etag, timestamp: time, manifest, link, version }: StoredObject,
  view: View,
): readonly Header[] {
  // A version does not end with the name that stands for it.
  const shown = [...metadata].filter(([name]) => version === undefined || name !== 'X-Delete-At')
  return [
    ...shown,
    ...(link ? linkHeaders(link) : []),
    ...(manifest ? [['X-Static-Large-Object', 'True'] as const] : []),
    ...(view.kind === 'static' ? [['X-Manifest-Etag', etag] as const] : []),
    ['Etag', view.kind === 'plain' ? view.etag : `"${view.etag}"`],
    ['Last-Modified', httpDate(roundedUp(time))],
    ['X-Timestamp', timestamp(time)],
  ]
}

function contentRange({ first, last }: Range, { size }: View): string {
  return `bytes ${first}-${last}/${size}`
}

// RFC 9110, 14.6. The last boundary has no line break behind it.
function severalParts(view: View, ranges: readonly Range[], headers: readonly Header[], type: string): Reply {
  const boundary = randomBytes(16).toString('hex')
  const body = ranges.flatMap((range) => [
    Buffer.from(
      `--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: ${contentRange(range, view)}\r\n\r\n`,
    ),
    ...slice(view.parts, range),
    Buffer.from('\r\n'),
  ])
  return {
    status: 206,
    reason: reasonOf(206),
    headers: [
      ['Content-Type', `multipart/byteranges;boundary=${boundary}`],
      ...headers.filter(([name]) => name !== 'Content-Type'),
    ],
    body: [...body, Buffer.from(`--${boundary}--`)],
  }
}
