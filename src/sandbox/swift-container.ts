import type { Answer, Asked } from './answer.ts'
import { swiftEmpty, swiftPage, swiftText } from './swift-errors.ts'
import { escapeXml, listing, listingTime } from './swift-listing.ts'
import { mergeMetadata, metadataOf, metadataProblem } from './swift-metadata.ts'
import type { Account, Container, StoredObject, SwiftStore } from './swift-store.ts'
import { createContainer } from './swift-store.ts'

const settings = ['X-Container-Read', 'X-Container-Write']

/** Answers for a container. https://docs.openstack.org/api-ref/object-store/#containers */
export function askContainer(asked: Asked, account: Account, name: string, store: SwiftStore): Answer {
  const container = account.containers.get(name)
  if (asked.method === 'PUT') return put(asked, account, name, container, store)
  if (container === undefined) return asked.method === 'HEAD' ? swiftEmpty(404) : swiftPage(404)
  switch (asked.method) {
    case 'HEAD':
      return {
        status: 204,
        headers: [['Content-Type', 'text/plain; charset=utf-8'], ...describe(container), ['Vary', 'Accept']],
        body: '',
      }
    case 'GET':
      return listing(
        asked,
        [...container.objects.values()].map(row),
        `<container name="${escapeXml(name)}">`,
        describe(container),
      )
    case 'POST': {
      const problem = metadataProblem(metadataOf(asked, 'Container'), 'Container')
      if (problem) return problem
      mergeMetadata(container.metadata, asked, 'Container', settings)
      return swiftEmpty(204)
    }
    case 'DELETE':
      if (container.objects.size > 0) return swiftPage(409)
      account.containers.delete(name)
      return swiftEmpty(204)
    default:
      return swiftPage(405, [['Allow', 'GET, HEAD, PUT, POST, DELETE, OPTIONS']])
  }
}

function put(
  asked: Asked,
  account: Account,
  name: string,
  known: Container | undefined,
  store: SwiftStore,
): Answer {
  if (Buffer.byteLength(name) > 256)
    return swiftText(400, `Container name length of ${Buffer.byteLength(name)} longer than 256`)
  const problem = metadataProblem(metadataOf(asked, 'Container'), 'Container')
  if (problem) return problem
  const container = known ?? createContainer(name, store.now())
  mergeMetadata(container.metadata, asked, 'Container', settings)
  account.containers.set(name, container)
  return known === undefined ? swiftEmpty(201) : swiftPage(202)
}

function describe({ objects, metadata, timestamp }: Container): Answer['headers'] {
  const bytes = [...objects.values()].reduce((sum, { body }) => sum + body.length, 0)
  return [
    ['X-Container-Object-Count', String(objects.size)],
    ['X-Container-Bytes-Used', String(bytes)],
    ['X-Timestamp', (timestamp / 1000).toFixed(5)],
    ...metadata,
    ['Last-Modified', new Date(Math.ceil(timestamp / 1000) * 1000).toUTCString()],
    ['Accept-Ranges', 'bytes'],
    ['X-Storage-Policy', 'Policy-0'],
  ]
}

function row({ name, body, etag, contentType, timestamp }: StoredObject) {
  const time = listingTime(timestamp)
  return {
    name,
    json: { bytes: body.length, hash: etag, name, content_type: contentType, last_modified: time },
    xml: `<object><name>${escapeXml(name)}</name><hash>${etag}</hash><bytes>${body.length}</bytes><content_type>${escapeXml(contentType)}</content_type><last_modified>${time}</last_modified></object>`,
  }
}
