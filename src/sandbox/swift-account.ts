import type { Answer, Asked } from './answer.ts'
import { swiftEmpty, swiftPage } from './swift-errors.ts'
import { escapeXml, listing, listingTime } from './swift-listing.ts'
import { mergeMetadata, metadataOf, metadataProblem } from './swift-metadata.ts'
import type { Account, Container } from './swift-store.ts'

/** Answers for an account. https://docs.openstack.org/api-ref/object-store/#accounts */
export function askAccount(asked: Asked, account: Account, name: string): Answer {
  const containers = [...account.containers.values()]
  switch (asked.method) {
    case 'HEAD': {
      const { status, headers } = { status: 204, headers: describe(account) }
      return {
        status,
        headers: [['Content-Type', 'text/plain; charset=utf-8'], ...headers, ['Vary', 'Accept']],
        body: '',
      }
    }
    case 'GET':
      return listing(asked, containers.map(row), `<account name="${escapeXml(name)}">`, describe(account))
    case 'POST': {
      const problem = metadataProblem(metadataOf(asked, 'Account'), 'Account')
      if (problem) return problem
      mergeMetadata(account.metadata, asked, 'Account')
      return swiftEmpty(204)
    }
    default:
      return swiftPage(405, [['Allow', 'GET, HEAD, POST, OPTIONS']])
  }
}

function describe({ containers, metadata, timestamp }: Account): Answer['headers'] {
  const objects = [...containers.values()].flatMap((container) => [...container.objects.values()])
  const counts: readonly [string, number][] = [
    ['Container-Count', containers.size],
    ['Object-Count', objects.length],
    ['Bytes-Used', objects.reduce((sum, { body }) => sum + body.length, 0)],
  ]
  return [
    ...counts.map(([key, value]) => [`X-Account-${key}`, String(value)] as const),
    ['X-Timestamp', (timestamp / 1000).toFixed(5)],
    ...metadata,
    ...counts.map(([key, value]) => [`X-Account-Storage-Policy-Policy-0-${key}`, String(value)] as const),
    ['Accept-Ranges', 'bytes'],
    ['x-account-project-domain-id', 'default'],
  ]
}

function row({ name, objects, timestamp }: Container) {
  const count = objects.size
  const bytes = [...objects.values()].reduce((sum, { body }) => sum + body.length, 0)
  const time = listingTime(timestamp)
  return {
    name,
    json: { name, count, bytes, last_modified: time },
    xml: `<container><name>${escapeXml(name)}</name><count>${count}</count><bytes>${bytes}</bytes><last_modified>${time}</last_modified></container>`,
  }
}
