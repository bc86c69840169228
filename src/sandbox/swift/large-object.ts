import { createHash } from 'node:crypto'
import { decodePercent } from '../call.ts'
import type { Piece } from '../piece.ts'
import { slice } from '../piece.ts'
import type { Reply } from '../reply.ts'
import { page } from './answer.ts'
import type { Account, Segment, StoredObject } from './store.ts'
import { sortedNames } from './store.ts'

/** Whether the one who asks may read an object, or with an empty name list a container; otherwise the status. */
export type MayRead = (container: string, object: string) => 'yes' | 401 | 403

/** What is sent of an object: of a large one its segments, one behind the other. */
export type View = {
  readonly kind: 'plain' | 'static' | 'dynamic'
  readonly parts: readonly Piece[]
  readonly size: number
  /** Of a large object the MD5 of its segments' ETags. */
  readonly etag: string
}

const deepest = 10

/** An object as a GET without `multipart-manifest=get` sends it; 409 when a segment is not what the manifest says. */
export function viewOf(object: StoredObject, account: Account, mayRead: MayRead, depth = 0): View | Reply {
  if (object.manifest !== undefined) return staticView(object.manifest, account, mayRead, depth)
  const pointer = object.metadata.get('X-Object-Manifest')
  return pointer === undefined ? plainView(object) : dynamicView(pointer, account, mayRead, depth)
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
  account: Account,
  mayRead: MayRead,
  depth: number,
): View | Reply {
  if (depth > deepest) return page(409)
  const parts: Piece[] = []
  for (const segment of segments) {
    if ('data' in segment) {
      parts.push(Buffer.from(segment.data, 'base64'))
      continue
    }
    const { container, object } = splitName(segment.name)
    const stored = account.containers.get(container)?.objects.get(object)
    if (stored === undefined || mayRead(container, object) !== 'yes') return page(409)
    const view = viewOf(stored, account, mayRead, depth + 1)
    if ('status' in view || view.etag !== segment.hash || view.size !== segment.bytes) return page(409)
    const [first = 0, last = view.size - 1] = segment.range?.split('-').map(Number) ?? []
    parts.push(...slice(view.parts, { first, last }))
  }
  return { kind: 'static', parts, size: total, etag }
}

function dynamicView(pointer: string, account: Account, mayRead: MayRead, depth: number): View | Reply {
  if (depth >= deepest) return page(409)
  const { container, object: prefix } = splitName(decodePercent(pointer) ?? pointer)
  const verdict = mayRead(container, '')
  if (verdict !== 'yes') return page(verdict)
  const segments = account.containers.get(container)
  if (segments === undefined) return page(404)
  const hash = createHash('md5')
  const parts: Piece[] = []
  let size = 0
  for (const name of sortedNames(segments)) {
    const stored = name.startsWith(prefix) ? segments.objects.get(name) : undefined
    if (stored === undefined) continue
    const view = stored.metadata.has('X-Object-Manifest')
      ? plainView(stored)
      : viewOf(stored, account, mayRead, depth + 1)
    if ('status' in view) return view
    hash.update(stored.etag)
    parts.push(...view.parts)
    size += view.size
  }
  return { kind: 'dynamic', parts, size, etag: hash.digest('hex') }
}

/** Splits `/container/object`; the first slash may be missing. */
export function splitName(name: string): { readonly container: string; readonly object: string } {
  const path = name.replace(/^\/+/, '')
  const at = path.indexOf('/')
  return at < 0
    ? { container: path, object: '' }
    : { container: path.slice(0, at), object: path.slice(at + 1) }
}
