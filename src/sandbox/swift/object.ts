import { randomBytes } from 'node:crypto'
import type { Call, Header } from '../call.ts'
import type { Reply } from '../reply.ts'
import { empty, page, reasonOf } from './answer.ts'
import { failedCondition } from './conditions.ts'
import { shownType, storedType } from './content-type.ts'
import { objectMetadata, refuseMetadata } from './metadata.ts'
import type { Range } from './ranges.ts'
import { parseRanges, slice } from './ranges.ts'
import type { Container, Store, StoredObject } from './store.ts'
import { removeObject } from './store.ts'
import { httpDate, roundedUp, timestamp } from './times.ts'

/** GET and HEAD of an object: https://docs.openstack.org/api-ref/object-store/#get-object-content-and-metadata */
export function readObject(call: Call, container: Container | undefined, name: string): Reply {
  const object = container?.objects.get(name)
  if (object === undefined) return page(404)
  const failed = failedCondition(call, object)
  const about = objectHeaders(object)
  const type = shownType(object.contentType)
  if (failed === 304) return empty(304, [...about, ['Accept-Ranges', 'bytes']], type)
  if (failed === 412) return empty(412, about)
  const headers: readonly Header[] = [['Content-Type', type], ...about, ['Accept-Ranges', 'bytes']]
  if (call.method === 'HEAD') return { status: 200, headers, body: '', length: object.size }
  const ranges = parseRanges(call.header('Range'), object.size)
  if (ranges === undefined) return { status: 200, headers, body: object.parts }
  const [range] = ranges
  if (range === undefined)
    return { ...page(416), headers: [...headers, ['Content-Range', `bytes */${object.size}`]] }
  if (ranges.length > 1) return severalParts(object, ranges, type)
  return {
    status: 206,
    headers: [...headers, ['Content-Range', contentRange(range, object)]],
    body: slice(object.parts, range),
  }
}

/** POST: replaces an object's metadata; its type stays unless given. */
export function postObject(call: Call, container: Container | undefined, name: string, store: Store): Reply {
  const refused = refuseMetadata(call, 'object')
  if (refused) return refused
  const object = container?.objects.get(name)
  if (container === undefined || object === undefined) return page(404)
  const type = call.header('Content-Type')
  container.objects.set(name, {
    ...object,
    metadata: objectMetadata(call),
    contentType: type === undefined || type === '' ? object.contentType : storedType(type),
    timestamp: store.now(),
  })
  return page(202)
}

/** DELETE. */
export function deleteObject(container: Container | undefined, name: string, store: Store): Reply {
  return container && removeObject(container, name, store) ? empty(204) : page(404)
}

function objectHeaders({ metadata, etag, timestamp: time }: StoredObject): readonly Header[] {
  return [
    ...metadata,
    ['Etag', etag],
    ['Last-Modified', httpDate(roundedUp(time))],
    ['X-Timestamp', timestamp(time)],
  ]
}

function contentRange({ first, last }: Range, { size }: StoredObject): string {
  return `bytes ${first}-${last}/${size}`
}

// RFC 9110, 14.6. The last boundary has no line break behind it.
function severalParts(object: StoredObject, ranges: readonly Range[], type: string): Reply {
  const boundary = randomBytes(16).toString('hex')
  const body = ranges.flatMap((range) => [
    Buffer.from(
      `--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: ${contentRange(range, object)}\r\n\r\n`,
    ),
    ...slice(object.parts, range),
    Buffer.from('\r\n'),
  ])
  return {
    status: 206,
    reason: reasonOf(206),
    headers: [
      ['Content-Type', `multipart/byteranges;boundary=${boundary}`],
      ...objectHeaders(object),
      ['Accept-Ranges', 'bytes'],
    ],
    body: [...body, Buffer.from(`--${boundary}--`)],
  }
}
