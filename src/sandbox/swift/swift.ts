import { randomUUID } from 'node:crypto'
import type { Call, Header } from '../call.ts'
import { decodePercent, quote } from '../call.ts'
import type { Token } from '../keystone/identity/credentials.ts'
import type { Identity } from '../keystone/identity/identity.ts'
import type { Reply } from '../reply.ts'
import type { Place } from './access.ts'
import { access, isOperator } from './access.ts'
import { empty, notKnown, page, text } from './answer.ts'
import { bulkDelete } from './bulk/bulk-delete.ts'
import { extractArchive, type Sent } from './bulk/extract-archive.ts'
import { askAccount } from './container/account.ts'
import { askContainer, listLevel } from './container/container.ts'
import { overQuota } from './container/quota.ts'
import { infoReply } from './info.ts'
import type { MayRead } from './large/large-object.ts'
import { deleteManifest, putManifest } from './large/manifest.ts'
import { copyObject } from './object/copy-object.ts'
import { postObject } from './object/object.ts'
import { storeObject } from './object/put-object.ts'
import { checkTempUrl, isSigned, tempUrlReply } from './signed/temp-url.ts'
import type { Ask } from './site/static-web.ts'
import { askSite, isForSite } from './site/static-web.ts'
import type { Store } from './store/stored.ts'
import { httpDate } from './times.ts'
import { refuseVersion, unknownOfVersions, versionAsked } from './versions/version-request.ts'
import { deleteVersioned, readVersioned, refusedVersion, restoreVersion } from './versions/versions.ts'

/** Who asks, and where Keystone is. */
type Asker = { readonly token: Token | undefined; readonly base: string }

/** Answers what is asked of the object store, as Swift 2.30 does. `path` is the path below the region. */
export async function askSwift(call: Call, path: string, store: Store, identity: Identity): Promise<Reply> {
  const asker = {
    token: identity.accept(call.header('X-Auth-Token') ?? call.header('X-Storage-Token')),
    base: identity.base,
  }
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
    const remove = async (name: string): Promise<number> => {
      const one = { ...call, method: 'DELETE', query: new Map(), queryIsUtf8: true }
      return (await route(one, quote(`/v1/${place.account}/${name}`), store, asker)).status
    }
    if (call.query.has('bulk-delete') && ['POST', 'DELETE'].includes(call.method))
      return bulkDelete(call, remove)
    if (call.query.has('extract-archive') && call.method === 'PUT')
      return extractArchive(call, place, async (name, request) => {
        const one = requestOf(call, request)
        return (await route(one, quote(`/v1/${place.account}/${name}`), store, asker)).status
      })
    const isLarge =
      call.method === 'DELETE' &&
      call.query.get('multipart-manifest') === 'delete' &&
      versionAsked(call) === undefined
    const account = store.known(place.account)
    const mayList =
      account && access(call, place, asker.token, account.containers.get(place.container)) === 'yes'
    if (isLarge && mayList && place.object !== '') return deleteManifest(call, account, place, remove)
  }
  return route(call, path, store, asker)
}

// A request for one of many things, by whoever asks for all.
function requestOf(call: Call, { method, headers, length, body = call.body }: Sent): Call {
  const header = (name: string): string | undefined =>
    headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1]
  return {
    ...call,
    method,
    headers,
    header,
    length,
    chunked: false,
    body,
    query: new Map(),
    queryIsUtf8: true,
  }
}

async function route(call: Call, path: string, store: Store, asker: Asker): Promise<Reply> {
  const { method } = call
  if (path === '/healthcheck') return text(200, 'OK', 'text/plain')
  if (path === '/info')
    return ['GET', 'HEAD'].includes(method) ? infoReply() : page(405, [['Allow', 'GET, HEAD, OPTIONS']])
  const place = placeOf(path)
  if ('status' in place) return place
  const allowed = methodsOf(place)
  if (!allowed.includes(method) && !(method === 'COPY' && place.object !== ''))
    return page(405, [['Allow', allowed.join(', ')]])
  if (method === 'OPTIONS') return empty(200, [['Allow', allowed.join(', ')]])
  const known = store.known(place.account)
  const container = known?.containers.get(place.container)
  const unknown = unknownPart(call) ?? unknownOfVersions(call, container)
  if (unknown !== undefined) return notKnown(`Swift's ${unknown}`)
  const refusedId = place.object === '' ? undefined : refuseVersion(call, container)
  if (refusedId) return refusedId
  if (isSigned(call)) {
    const grant = checkTempUrl(call, place, known, store.now())
    if ('status' in grant) return grant
    const mayRead: MayRead = (container) =>
      grant.scope === 'account' || container === place.container ? 'yes' : 401
    return tempUrlReply(call, place, grant, await answer(call, place, store, mayRead))
  }
  const { token } = asker
  const may = (one: Call, spot: Place): 'yes' | 401 | 403 =>
    access(one, spot, token, known?.containers.get(spot.container))
  const ask: Ask = async (one, spot) => {
    const verdict = may(one, spot)
    if (verdict !== 'yes')
      return refusedVersion(one, container, spot.object, refusal(one, spot, verdict, asker))
    const mayRead: MayRead = (name, object) =>
      may({ ...one, method: 'GET' }, { ...spot, container: name, object })
    const reply = await answer(one, spot, store, mayRead)
    return token && isOperator(token, spot.account) ? reply : withoutOwners(reply)
  }
  if (!isForSite(call, place, token !== undefined)) return ask(call, place)
  const root = { ...place, object: '' }
  const verdict = may(call, root)
  return askSite(call, place, path, {
    metadata: container?.metadata,
    refused: verdict === 'yes' ? undefined : refusal(call, root, verdict, asker),
    ask,
    list: (prefix) => (container === undefined ? [] : listLevel(container, prefix)),
  })
}

// https://docs.openstack.org/swift/latest/ has them as swift_owner_headers: who is not the owner does not see them.
function withoutOwners(reply: Reply): Reply {
  const owners = /^x-(container-(read|write)|(account|container)-meta-temp-url-key(-2)?)$/i
  return { ...reply, headers: reply.headers.filter(([name]) => !owners.test(name)) }
}

function answer(
  call: Call,
  { account: accountName, container: containerName, object }: Place,
  store: Store,
  mayRead: MayRead,
): Reply | Promise<Reply> {
  const account = store.account(accountName)
  if (containerName === '') return askAccount(call, account, store)
  if (object === '') return askContainer(call, account, containerName, store)
  const container = account.containers.get(containerName)
  const spot = { container: containerName, object }
  switch (call.method) {
    case 'PUT': {
      const over =
        call.header('X-Copy-From') === undefined ? overQuota(container, call.length ?? 0) : undefined
      if (over) return over
      const version = versionAsked(call)
      if (call.query.get('multipart-manifest') === 'put')
        return putManifest(call, account, spot, store, mayRead)
      if (call.header('X-Copy-From') !== undefined) return copyObject(call, account, spot, store, mayRead)
      if (version !== undefined) return restoreVersion(call, container, object, version, store)
      return storeObject(call, account, spot, store)
    }
    case 'COPY':
      return copyObject(call, account, spot, store, mayRead)
    case 'POST':
      return postObject(call, container, object, store)
    case 'DELETE':
      return deleteVersioned(call, container, object, store)
    default:
      return readVersioned(call, account, spot, mayRead, store)
  }
}

// The order is that of Swift's proxy: the bytes, the shape, then the version.
function placeOf(path: string): Place | Reply {
  const decoded = decodePercent(path)
  if (decoded === undefined || decoded.includes('\0')) return text(412, 'Invalid UTF8 or contains NULL')
  const [before, version = '', account = '', container = '', ...rest] = decoded.split('/')
  if (before !== '' || version === '') return page(404)
  const object = rest.join('/')
  if (account !== '' && version !== 'v1' && version !== 'v1.0') return page(400)
  if (account === '' || (container === '' && object !== '')) return text(412, 'Bad URL')
  return { account, container, object }
}

function methodsOf({ container }: Place): readonly string[] {
  return container === ''
    ? ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE']
    : ['PUT', 'POST', 'DELETE', 'GET', 'HEAD', 'OPTIONS']
}

const unknownParameters = ['part-number', 'heartbeat']
const unknownHeaders =
  /^x-(symlink-target.*|versions-(?!enabled$).*|history-location|container-sync-.*|copy-from-account)$|^destination-account$/i

// What would change the meaning of a request if it were passed over.
function unknownPart(call: Call): string | undefined {
  const { query, headers } = call
  if (isSigned(call) && call.header('X-Web-Mode') !== undefined)
    return 'header X-Web-Mode of a signed request'
  const parameter = unknownParameters.find((name) => query.has(name))
  if (parameter !== undefined) return `parameter ${parameter}`
  const header = headers.find(([name]) => unknownHeaders.test(name))?.[0]
  return header === undefined ? undefined : `header ${header}`
}

// A refused HEAD of an object has a chunked body, although a HEAD has none.
function refusal(call: Call, { account, object }: Place, status: 401 | 403, { base }: Asker): Reply {
  const challenge: readonly Header[] =
    status === 403
      ? []
      : [
          ['Www-Authenticate', `Swift realm="${account.replace(/[^\x20-\x7e]|"/g, '?')}"`],
          ['WWW-Authenticate', `Keystone uri="${base}/identity/v3"`],
        ]
  return {
    ...page(status, challenge),
    ...(call.method === 'HEAD' && object !== '' && { emptyChunked: true }),
  }
}
