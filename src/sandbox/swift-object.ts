import type { Answer, Asked } from './answer.ts'
import { swiftEmpty, swiftPage, swiftText } from './swift-errors.ts'
import { metadataOf, metadataProblem } from './swift-metadata.ts'
import { rangesOf, withRanges } from './swift-range.ts'
import type { Account, Container, StoredObject, SwiftStore } from './swift-store.ts'
import { md5 } from './swift-store.ts'

const kept = [
  'Content-Encoding',
  'Content-Disposition',
  'Cache-Control',
  'Content-Language',
  'Expires',
  'X-Robots-Tag',
]

/** An object's place. */
export type ObjectPlace = {
  readonly account: Account
  readonly accountName: string
  readonly container: string
  readonly name: string
}

/** Answers for an object. https://docs.openstack.org/api-ref/object-store/#objects */
export function askObject(asked: Asked, place: ObjectPlace, store: SwiftStore): Answer {
  const container = place.account.containers.get(place.container)
  const { method } = asked
  if (method === 'PUT')
    return asked.header('X-Copy-From') === undefined
      ? put(asked, container, place.name, store)
      : putCopy(asked, place, store)
  const object = container?.objects.get(place.name)
  if (!/^(GET|HEAD|POST|DELETE|COPY)$/.test(method))
    return swiftPage(405, [['Allow', 'GET, HEAD, PUT, POST, COPY, DELETE, OPTIONS']])
  if (container === undefined || object === undefined)
    return method === 'HEAD' ? swiftEmpty(404) : swiftPage(404)
  switch (method) {
    case 'DELETE':
      store.remove(container, place.name)
      return swiftEmpty(204)
    case 'POST':
      return post(asked, container, object, store)
    case 'COPY':
      return copy(asked, place, object, asked.header('Destination'), store)
    default:
      return get(asked, object)
  }
}

function get(asked: Asked, object: StoredObject): Answer {
  const described = describe(object)
  const all: Answer['headers'] = [
    ['Content-Type', object.contentType],
    ...described,
    ['Accept-Ranges', 'bytes'],
  ]
  const condition = conditionOf(asked, object)
  if (condition === 412)
    return { status: 412, headers: [['Content-Type', 'text/html; charset=UTF-8'], ...described], body: '' }
  if (condition === 304) return { status: 304, headers: all, body: '' }
  const ranges = rangesOf(asked.header('Range'), object.body.length)
  if (ranges !== undefined && asked.method === 'GET')
    return withRanges(object.body, ranges, object.contentType, described)
  return { status: 200, headers: all, body: object.body }
}

function describe({ metadata, etag, timestamp }: StoredObject): Answer['headers'] {
  return [
    ...metadata,
    ['Etag', etag],
    // Rounded up, as Swift does, and so perhaps later than Date.
    ['Last-Modified', new Date(Math.ceil(timestamp / 1000) * 1000).toUTCString()],
    ['X-Timestamp', (timestamp / 1000).toFixed(5)],
  ]
}

function conditionOf(asked: Asked, { etag, timestamp }: StoredObject): 200 | 304 | 412 {
  const among = (text: string): boolean =>
    text.trim() === '*' || text.split(',').some((one) => one.trim().replace(/^"|"$/g, '') === etag)
  const modified = Math.ceil(timestamp / 1000) * 1000
  const [match, noneMatch] = [asked.header('If-Match'), asked.header('If-None-Match')]
  if (match !== undefined && !among(match)) return 412
  if (noneMatch !== undefined && among(noneMatch)) return 304
  const since = Date.parse(asked.header('If-Modified-Since') ?? '')
  if (modified <= since && noneMatch === undefined) return 304
  const unmodified = Date.parse(asked.header('If-Unmodified-Since') ?? '')
  return modified > unmodified ? 412 : 200
}

function put(asked: Asked, container: Container | undefined, name: string, store: SwiftStore): Answer {
  if (asked.header('Content-Length') === undefined && asked.header('Transfer-Encoding') === undefined)
    return swiftText(411, 'Missing Content-Length header.', 'text/plain')
  if (container === undefined) return swiftPage(404)
  if (Buffer.byteLength(name) > 1024)
    return swiftText(400, `Object name length of ${Buffer.byteLength(name)} longer than 1024`)
  const metadata = metadataOf(asked, 'Object', kept)
  const problem = metadataProblem(metadata, 'Object')
  if (problem) return problem
  const noneMatch = asked.header('If-None-Match')
  if (noneMatch !== undefined && noneMatch !== '*') return swiftText(400, 'If-None-Match only supports *')
  if (noneMatch === '*' && container.objects.has(name)) return swiftPage(412)
  const etag = md5(asked.body)
  const timestamp = store.now()
  const wanted = asked.header('Etag')?.replace(/^"|"$/g, '').toLowerCase()
  const modified: Answer['headers'][number] = [
    'Last-Modified',
    new Date(Math.ceil(timestamp / 1000) * 1000).toUTCString(),
  ]
  if (wanted !== undefined && wanted !== etag) return swiftPage(422, [modified])
  const contentType = (asked.header('Content-Type') ?? guessType(name)).replace(/;\s+/g, ';')
  store.put(container, { name, body: asked.body, etag, contentType, metadata, timestamp })
  return swiftEmpty(201, [['Etag', etag], modified])
}

function post(asked: Asked, container: Container, object: StoredObject, store: SwiftStore): Answer {
  const metadata = metadataOf(asked, 'Object', kept)
  const problem = metadataProblem(metadata, 'Object')
  if (problem) return problem
  // All metadata is replaced; the content type stays unless it is given.
  const contentType = asked.header('Content-Type') ?? object.contentType
  store.put(container, { ...object, metadata, contentType, timestamp: store.now() })
  return swiftPage(202)
}

function putCopy(asked: Asked, place: ObjectPlace, store: SwiftStore): Answer {
  const source = decoded(asked.header('X-Copy-From') ?? '')
  const [container, name] = split(source)
  if (container === undefined || name === undefined)
    return swiftText(412, 'X-Copy-From header must be of the form <container name>/<object name>')
  const object = place.account.containers.get(container)?.objects.get(name)
  if (object === undefined) return swiftPage(404)
  return copy(asked, { ...place, container, name }, object, `${place.container}/${place.name}`, store, true)
}

function copy(
  asked: Asked,
  place: ObjectPlace,
  object: StoredObject,
  destination: string | undefined,
  store: SwiftStore,
  isDecoded = false,
): Answer {
  if (destination === undefined) return swiftText(412, 'Destination header required')
  const [to, name] = split(isDecoded ? destination : decoded(destination))
  if (to === undefined || name === undefined)
    return swiftText(412, 'Destination header must be of the form <container name>/<object name>')
  const target = place.account.containers.get(to)
  if (target === undefined) return swiftPage(404)
  if (conditionOf(asked, object) !== 200) return swiftPage(412)
  const fresh = /^(true|1|yes|on|t|y)$/i.test(asked.header('X-Fresh-Metadata') ?? '')
  const metadata = new Map([...(fresh ? [] : object.metadata), ...metadataOf(asked, 'Object', kept)])
  const timestamp = store.now()
  const modified = (time: number): string => new Date(Math.ceil(time / 1000) * 1000).toUTCString()
  store.put(target, {
    ...object,
    name,
    metadata,
    contentType: asked.header('Content-Type') ?? object.contentType,
    timestamp,
  })
  return swiftEmpty(201, [
    ['Etag', object.etag],
    ['Last-Modified', modified(timestamp)],
    ['X-Copied-From-Account', place.accountName],
    ['X-Copied-From', `${place.container}/${place.name}`.split('/').map(encodeURIComponent).join('/')],
    ['X-Copied-From-Last-Modified', modified(object.timestamp)],
    ...metadata,
  ])
}

function split(path: string): readonly [string | undefined, string | undefined] {
  const [, container, name] = /^\/?([^/]+)\/([\s\S]+)$/.exec(path) ?? []
  return [container, name]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // What is no percent-encoding names nothing.
    return ''
  }
}

function guessType(name: string): string {
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const types: Readonly<Record<string, string>> = {
    txt: 'text/plain',
    html: 'text/html',
    json: 'application/json',
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    png: 'image/png',
    css: 'text/css',
    xml: 'application/xml',
    gz: 'application/gzip',
    pdf: 'application/pdf',
  }
  return Object.hasOwn(types, ending) ? (types[ending] ?? '') : 'application/octet-stream'
}
