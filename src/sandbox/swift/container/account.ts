import type { Call, Header } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { empty, page } from '../answer.ts'
import { listingOptions, listNames } from '../listing/listing.ts'
import { listingHead, listingReply } from '../listing/listing-format.ts'
import { mergeMetadata, refuseMetadata } from '../metadata.ts'
import type { Operation } from '../operation.ts'
import { changeAccount } from '../store/container-store.ts'
import type { Account } from '../store/stored.ts'
import { compareUtf8 } from '../store/utf8-order.ts'
import { listingTime, timestamp } from '../times.ts'

/** Answers what is asked of an account: https://docs.openstack.org/api-ref/object-store/#accounts */
export function askAccount({ call, place, store, domain }: Operation): Reply {
  const account = store.account(place.account)
  switch (call.method) {
    case 'HEAD':
      return listingHead(call, accountHeaders(account, domain))
    case 'GET':
      return list(call, account, domain)
    case 'POST': {
      const refused = refuseMetadata(call, 'account')
      if (refused) return refused
      const metadata = mergeMetadata(call, 'account', account.metadata)
      if ('status' in metadata) return metadata
      changeAccount(account, metadata, store)
      return empty(204)
    }
    default:
      // Making and removing accounts is switched off, as it is nearly everywhere.
      return page(405, [['Allow', 'GET, HEAD, OPTIONS, POST']])
  }
}

function list(call: Call, account: Account, domain: string | undefined): Reply {
  const options = listingOptions(call)
  if ('status' in options) return options
  const entries = listNames([...account.containers.keys()].sort(compareUtf8), options)
  const rows = entries.map((entry) => {
    const container = 'name' in entry ? account.containers.get(entry.name) : undefined
    if (!('name' in entry) || container === undefined)
      return 'subdir' in entry ? { subdir: entry.subdir } : { name: entry.name }
    const { name, objects, bytes, created } = container
    return { name, count: objects.size, bytes, last_modified: listingTime(created) }
  })
  return listingReply(
    call,
    { element: 'account', item: 'container', name: account.name },
    rows,
    accountHeaders(account, domain),
  )
}

function accountHeaders(
  { containers, created, metadata }: Account,
  domain: string | undefined,
): readonly Header[] {
  const all = [...containers.values()]
  const counts = {
    'Container-Count': all.length,
    'Object-Count': all.reduce((sum, { objects }) => sum + objects.size, 0),
    'Bytes-Used': all.reduce((sum, { bytes }) => sum + bytes, 0),
  }
  const counted = (prefix: string): Header[] =>
    Object.entries(counts).map(([key, value]) => [`${prefix}-${key}`, String(value)])
  return [
    ...counted('X-Account'),
    ['X-Timestamp', timestamp(created)],
    ...(all.length === 0 ? [] : counted('X-Account-Storage-Policy-Policy-0')),
    ...metadata,
    ['Accept-Ranges', 'bytes'],
    ...(domain === undefined ? [] : [['x-account-project-domain-id', domain] as const]),
  ]
}
