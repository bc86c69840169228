import type { Call } from '../call.ts'
import { decodePercent } from '../call.ts'

import type { Reply } from '../reply.ts'
import { access, isOperator } from './access.ts'
import { notKnown, page, text } from './answer.ts'
import { askAccount } from './container/account.ts'
import { askContainer, listLevel } from './container/container.ts'
import { overQuota } from './container/quota.ts'
import { refuseSyncAuth } from './container/sync.ts'
import { allowOrigin, preflight } from './cors.ts'
import { infoReply } from './info.ts'
import { putManifest } from './large/manifest.ts'
import { putLink } from './link/put-link.ts'
import { copyObject, lostSource } from './object/copy-object.ts'
import { asPut, sourceAsked } from './object/copy-request.ts'
import { postObject } from './object/object.ts'
import { storeObject } from './object/put-object.ts'
import type { MayRead, Operation } from './operation.ts'
import { accountOf, containerAt, containerOf } from './operation.ts'
import type { Place } from './place.ts'
import { methodsOf, placeOf } from './place.ts'
import type { Asker } from './refusal.ts'
import { refusal } from './refusal.ts'
import { formBoundary, postForm } from './signed/form-post.ts'
import { checkTempUrl, isSigned, signedPart, tempUrlReply } from './signed/temp-url.ts'
import type { Ask } from './site/static-web.ts'
import { askSite, isForSite } from './site/static-web.ts'
import type { Store } from './store/stored.ts'
import { unknownPart } from './unknown.ts'
import { refuseVersion, versionAsked } from './versions/version-request.ts'
import { deleteVersioned, readVersioned, refusedVersion, restoreVersion } from './versions/versions.ts'

/** Answers a request for one account, container or object, or for what the cluster tells of itself. */
export async function route(call: Call, path: string, store: Store, asker: Asker): Promise<Reply> {
  if (path === '/healthcheck') return text(200, 'OK', 'text/plain')
  if (path === '/info')
    return ['GET', 'HEAD'].includes(call.method) ? infoReply() : page(405, [['Allow', 'GET, HEAD, OPTIONS']])
  const place = placeOf(path)
  if ('status' in place) return place
  const allowed = methodsOf(place)
  const isCopy = call.method === 'COPY' && place.object !== ''
  if (!allowed.includes(call.method) && !isCopy) return page(405, [['Allow', allowed.join(', ')]])
  const container = containerAt(place, store)
  if (call.method === 'OPTIONS') return preflight(call, place, container)
  const reply = await askPlace({ call, place, store }, path, asker)
  return allowOrigin(call, container, reply)
}

type Asked = Pick<Operation, 'call' | 'place' | 'store'>

async function askPlace(asked: Asked, path: string, asker: Asker): Promise<Reply> {
  const { call, place, store } = asked
  const container = containerOf(asked)
  const unknown = unknownPart(call, container)
  if (unknown !== undefined) return notKnown(`Swift's ${unknown}`)
  const refused = refuseSyncAuth(call, place)
  if (refused) return refused
  if (isSigned(call)) return await askSigned(asked)
  const boundary = formBoundary(call)
  if (boundary !== undefined) {
    const put = (one: Call, spot: Place): Reply | Promise<Reply> =>
      perform({ call: one, place: spot, store, mayRead: () => 401 })
    const site = {
      path: decodePercent(path) ?? path,
      place,
      account: store.known(place.account),
      now: store.now(),
      put,
    }
    return await postForm(call, boundary, site)
  }
  const { token } = asker
  const ask: Ask = (one, spot) => askAs({ call: one, place: spot, store }, asker)
  if (!isForSite(call, place, token !== undefined)) return await ask(call, place)
  const root = { ...place, object: '' }
  const verdict = mayOf(call, root, store, asker)
  return await askSite(call, place, path, {
    metadata: container?.metadata,
    refused: verdict === 'yes' ? undefined : refusal(call, root, verdict, asker),
    ask,
    list: (prefix) => (container === undefined ? [] : listLevel(container, prefix)),
  })
}

async function askSigned({ call, place, store }: Asked): Promise<Reply> {
  const grant = checkTempUrl(call, place, store.known(place.account), store.now())
  if ('status' in grant) return grant
  const mayRead: MayRead = ({ account, container }) =>
    account === place.account && (grant.scope === 'account' || container === place.container) ? 'yes' : 401
  return tempUrlReply(call, place, grant, await perform({ call: signedPart(call), place, store, mayRead }))
}

// As somebody with a token, or without one.
async function askAs(asked: Asked, asker: Asker): Promise<Reply> {
  const { store } = asked
  const put = asked.call.method === 'COPY' ? asPut(asked.call, asked.place) : asked
  if ('status' in put) return put
  const { call, place } = put
  // The id of a copy is that of its source.
  const versioned = call.header('X-Copy-From') ? sourceAsked(call, place) : place
  if ('status' in versioned) return versioned
  const container = containerAt(versioned, store)
  const refused = place.object === '' ? undefined : refuseVersion(call, container)
  if (refused) return refused
  const mayRead: MayRead = (spot) => mayOf({ ...call, method: 'GET' }, spot, store, asker)
  // Of a copy the source is read first: whether the target may be written is asked then.
  const lost = call.header('X-Copy-From') ? lostSource({ call, place: versioned, store, mayRead }) : undefined
  if (lost) return lost
  const verdict = mayOf(call, place, store, asker)
  if (verdict !== 'yes')
    return refusedVersion(call, container, place.object, refusal(call, place, verdict, asker))
  const domain = asker.domainOf(place.account)
  const reply = await perform({ call, place, store, mayRead, domain })
  return asker.token && isOperator(asker.token, place.account) ? reply : withoutOwners(reply)
}

function mayOf(call: Call, place: Place, store: Store, asker: Asker): 'yes' | 401 | 403 {
  const id = place.object === '' ? undefined : versionAsked(call)
  // Versions are where no access list reaches.
  if (id !== undefined && id !== 'null' && !(asker.token && isOperator(asker.token, place.account)))
    return asker.token === undefined ? 401 : 403
  return access(call, place, asker, containerAt(place, store))
}

// https://docs.openstack.org/swift/latest/ has them as swift_owner_headers: who is not the owner does not see them.
function withoutOwners(reply: Reply): Reply {
  const owners = /^x-(container-(read|write|sync-key|sync-to)|(account|container)-meta-temp-url-key(-2)?)$/i
  return { ...reply, headers: reply.headers.filter(([name]) => !owners.test(name)) }
}

function perform(operation: Operation): Reply | Promise<Reply> {
  const { call, place, store } = operation
  if (place.container === '') return askAccount(operation)
  if (place.object === '') return askContainer(call, accountOf(operation), place.container, store)
  switch (call.method) {
    case 'PUT':
      return putInto(operation)
    case 'POST':
      return postObject(operation)
    case 'DELETE':
      return deleteVersioned(operation)
    default:
      return readVersioned(operation)
  }
}

function putInto(operation: Operation): Reply | Promise<Reply> {
  const { call } = operation
  if (call.header('X-Copy-From')) return copyObject(operation)
  const over = overQuota(containerOf(operation), call.length ?? 0)
  if (over) return over
  const version = versionAsked(call)
  if (call.query.get('multipart-manifest') === 'put') return putManifest(operation)
  if (version !== undefined) return restoreVersion(operation, version)
  return call.header('X-Symlink-Target') === undefined ? storeObject(operation) : putLink(operation)
}
