import { createHash } from 'node:crypto'
import { headerPath } from '../../call.ts'
import type { Piece } from '../../piece.ts'
import { slice } from '../../piece.ts'
import type { Reply } from '../../reply.ts'
import { page } from '../answer.ts'
import { follow } from '../link/follow.ts'
import type { Reader } from '../operation.ts'
import { containerAt } from '../operation.ts'
import { sortedNames } from '../store/store.ts'
import type { Segment, StoredObject } from '../store/stored.ts'

/** What is sent of an object: of a large one its segments, one behind the other. */
export type View = {
  readonly kind: 'plain' | 'static' | 'dynamic'
  readonly parts: readonly Piece[]
  readonly size: number
  /** Of a large object the MD5 of its segments' ETags. */
  readonly etag: string
}

const deepest = 10

/**
 * How many segments are opened for one answer, those of segments too. Swift sends small ones at one a second from the tenth
 * on, so that nobody gets this far.
 */
const mostOpened = 100_000

/** What is known while one answer is made: what was opened already, and how much more may be. */
type Opening = {
  readonly reader: Reader
  /** The account of the first object, in which the segments of all are. */
  readonly account: string
  readonly views: Map<StoredObject, View | Reply>
  left: number
}

/** An object as a GET without `multipart-manifest=get` sends it; 409 when a segment is not what the manifest says. */
export function viewOf(object: StoredObject, account: string, reader: Reader): View | Reply {
  return open(object, { account, reader, views: new Map(), left: mostOpened }, 0)
}

/** What a manifest is told of objects that it names: a static large one is not opened for it. 409 as for `viewOf`. */
export function segmentViewer(
  account: string,
  reader: Reader,
): (object: StoredObject) => Pick<View, 'size' | 'etag'> | Reply {
  const opening: Opening = { account, reader, views: new Map(), left: mostOpened }
  return (object) =>
    object.manifest === undefined
      ? open(object, opening, 0)
      : { size: object.manifest.total, etag: object.manifest.etag }
}

function open(object: StoredObject, opening: Opening, depth: number): View | Reply {
  const pointer = object.metadata.get('X-Object-Manifest')
  if (object.manifest === undefined && pointer === undefined) return plainView(object)
  const known = opening.views.get(object)
  if (known !== undefined) return known
  const view =
    object.manifest !== undefined
      ? staticView(object.manifest, opening, depth)
      : dynamicView(pointer ?? '', opening, depth)
  opening.views.set(object, view)
  return view
}

/** Whether so many more may be opened. */
function takes(opening: Opening, count: number): boolean {
  opening.left -= count
  return opening.left >= 0
}

/** An object without its segments. */
export function plainView({ parts, size, etag }: StoredObject): View {
  return { kind: 'plain', parts, size, etag }
}

/** How many bytes of the object a segment stands for. */
export function segmentLength(segment: Segment): number {
  if ('data' in segment) return Buffer.from(segment.data, 'base64').length
  const [first, last] = segment.range?.split('-').map(Number) ?? []
  return first === undefined || last === undefined ? segment.bytes : last - first + 1
}

// Swift sees what is wrong with a later segment only after it has begun, and then cuts the answer off; here it is a 409 too.
function staticView(
  { segments, etag, total }: NonNullable<StoredObject['manifest']>,
  opening: Opening,
  depth: number,
): View | Reply {
  if (depth >= deepest || !takes(opening, segments.length)) return page(409)
  const parts: Piece[] = []
  for (const segment of segments) {
    if ('data' in segment) {
      parts.push(Buffer.from(segment.data, 'base64'))
      continue
    }
    const stored = segmentAt(segment.name, opening)
    if (stored === undefined) return page(409)
    const view = open(stored, opening, depth + 1)
    if ('status' in view || view.etag !== segment.hash || view.size !== segment.bytes) return page(409)
    if (view.kind !== 'plain' && !takes(opening, view.parts.length)) return page(409)
    const [first = 0, last = view.size - 1] = segment.range?.split('-').map(Number) ?? []
    parts.push(...slice(view.parts, { first, last }))
  }
  return { kind: 'static', parts, size: total, etag }
}

function dynamicView(pointer: string, opening: Opening, depth: number): View | Reply {
  const { account, reader } = opening
  if (depth >= deepest) return page(409)
  const { container, object: prefix } = splitName(headerPath(pointer) ?? pointer)
  const place = { account, container, object: '' }
  const verdict = reader.mayRead(place)
  if (verdict !== 'yes') return page(verdict)
  const segments = containerAt(place, reader.store)
  if (segments === undefined) return page(404)
  const hash = createHash('md5')
  const parts: Piece[] = []
  let size = 0
  for (const name of sortedNames(segments)) {
    const stored = name.startsWith(prefix) ? segmentAt(`${container}/${name}`, opening) : undefined
    if (stored === undefined) continue
    if (!takes(opening, 1)) return page(409)
    const view = stored.metadata.has('X-Object-Manifest')
      ? plainView(stored)
      : open(stored, opening, depth + 1)
    if ('status' in view) return view
    if (view.kind !== 'plain' && !takes(opening, view.parts.length)) return page(409)
    hash.update(stored.etag)
    parts.push(...view.parts)
    size += view.size
  }
  return { kind: 'dynamic', parts, size, etag: hash.digest('hex') }
}

// What may be read of that name, or to which links there lead.
function segmentAt(name: string, { account, reader }: Opening): StoredObject | undefined {
  const place = { account, ...splitName(name) }
  const stored = containerAt(place, reader.store)?.objects.get(place.object)
  if (stored === undefined || reader.mayRead(place) !== 'yes') return undefined
  const found = follow({ place, object: stored }, reader)
  return 'object' in found ? found.object : undefined
}

/** Splits `/container/object`; the first slash may be missing. */
export function splitName(name: string): { readonly container: string; readonly object: string } {
  const path = name.replace(/^\/+/, '')
  const at = path.indexOf('/')
  return at < 0
    ? { container: path, object: '' }
    : { container: path.slice(0, at), object: path.slice(at + 1) }
}
