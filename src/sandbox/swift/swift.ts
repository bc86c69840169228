import { randomUUID } from 'node:crypto'
import type { Call, Header } from '../call.ts'
import { changedCall, quote } from '../call.ts'
import type { Identity } from '../keystone/identity/identity.ts'
import { allows } from '../keystone/people/access-rules.ts'
import type { Reply } from '../reply.ts'
import { access } from './access.ts'
import { bulkDelete } from './bulk/bulk-delete.ts'
import { extractArchive, type Sent } from './bulk/extract-archive.ts'
import { deleteManifest } from './large/delete-manifest.ts'
import { containerAt } from './operation.ts'
import { placeOf } from './place.ts'
import type { Asker } from './refusal.ts'
import { route } from './route.ts'
import type { Store } from './store/stored.ts'
import { httpDate } from './times.ts'

/** Answers what is asked of the object store, as Swift 2.30 does. `path` is the path below the region. */
export async function askSwift(call: Call, path: string, store: Store, identity: Identity): Promise<Reply> {
  const token = identity.accept(call.header('X-Auth-Token') ?? call.header('X-Storage-Token'))
  const domainOf = (account: string): string | undefined =>
    identity.directory.projects.get(account.replace(/^AUTH_/, ''))?.domain.id
  const isGood =
    token?.applicationCredential === undefined || allows(token.applicationCredential, 'object-store', call)
  const asker = { token: isGood ? token : undefined, base: identity.base, domainOf }
  const reply = await routeBulk(call, path, store, asker)
  const seconds = Math.floor(store.now() / 1000)
    .toString(16)
    .padStart(10, '0')
  const id = `tx${randomUUID().replaceAll('-', '').slice(0, 21)}-${seconds}`
  const more: readonly Header[] = [
    ['X-Trans-Id', id],
    ['X-Openstack-Request-Id', id],
    ['Date', httpDate(store.now())],
  ]
  // Only the HEAD of an object tells the length of what a GET would send.
  const bare = call.method === 'HEAD' && reply.length === undefined && !reply.emptyChunked
  return { ...reply, ...(bare && { body: '' }), headers: [...reply.headers, ...more] }
}

async function routeBulk(call: Call, path: string, store: Store, asker: Asker): Promise<Reply> {
  const place = placeOf(path)
  if (!('status' in place)) {
    const remove = async (name: string, version?: string): Promise<number> => {
      const query = new Map(version === undefined ? [] : [['version-id', version]])
      const one = { ...call, method: 'DELETE', query, queryIsUtf8: true }
      return (await route(one, quote(`/v1/${place.account}/${name}`), store, asker)).status
    }
    if (call.query.has('bulk-delete') && ['POST', 'DELETE'].includes(call.method))
      return bulkDelete(call, remove)
    if (call.query.has('extract-archive') && call.method === 'PUT')
      return extractArchive(call, place, async (name, request) => {
        const one = requestOf(call, request)
        return (await route(one, quote(`/v1/${place.account}/${name}`), store, asker)).status
      })
    const isLarge = call.method === 'DELETE' && call.query.get('multipart-manifest') === 'delete'
    const mayDelete = access(call, place, asker, containerAt(place, store)) === 'yes'
    if (isLarge && mayDelete && place.object !== '') return deleteManifest({ call, place, store }, remove)
  }
  return route(call, path, store, asker)
}

// A request for one of many things, by whoever asks for all.
function requestOf(call: Call, { method, headers, length, body = call.body }: Sent): Call {
  return changedCall(call, { method, headers, length: length, chunked: false, body, query: new Map() })
}
