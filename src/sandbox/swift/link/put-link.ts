import type { Call } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { empty, page, text } from '../answer.ts'
import { objectMetadata } from '../metadata.ts'
import { commit } from '../object/commit.ts'
import { expiryOf, withExpiry } from '../object/expiry.ts'
import { hasBody } from '../object/has-body.ts'
import { etagWanted, refuseObject } from '../object/put-object.ts'
import type { Operation } from '../operation.ts'
import { containerAt } from '../operation.ts'
import { liveObject } from '../store/store.ts'
import type { Link, StoredObject } from '../store/stored.ts'
import { httpDate, roundedUp } from '../times.ts'
import { versionHeader } from '../versions/version-request.ts'
import { follow, withLocation } from './follow.ts'
import { linkAsked, targetOf, targetPath } from './link.ts'

/** PUT with X-Symlink-Target: https://docs.openstack.org/swift/latest/middleware.html#symlink */
export async function putLink(operation: Operation): Promise<Reply> {
  const { call, place, store } = operation
  if (await hasBody(call)) return text(400, 'Symlink requests require a zero byte body', 'text/plain')
  const asked = linkAsked(call, place)
  if ('status' in asked) return asked
  const target = asked.etag === undefined ? undefined : checkTarget(operation, asked)
  if (target !== undefined && 'status' in target) return target
  const refused = refuseObject(operation)
  if (refused) return refused
  const expiry = expiryOf(call, store.now())
  if (typeof expiry === 'object') return expiry
  const body = await store.bodies.write([])
  if (body === 'full') return page(507)
  const wanted = etagWanted(call)
  if (wanted !== undefined && wanted !== body.etag) return page(422)
  const now = store.now()
  const done = await commit(operation, {
    ...body,
    contentType: typeOf(call, target),
    metadata: withExpiry(objectMetadata(call), expiry),
    timestamp: now,
    link: { ...asked, ...(target && known(target)) },
  })
  if ('status' in done) return done
  return empty(201, [
    ['Etag', body.etag],
    ['Last-Modified', httpDate(roundedUp(now))],
    ...versionHeader(done.version),
  ])
}

// The target of a static link has to be there, and to have the ETag.
function checkTarget({ place, store, mayRead }: Operation, link: Link): StoredObject | Reply {
  const there = targetOf(link, place)
  const location = targetPath(link, there)
  const verdict = mayRead(there)
  if (verdict !== 'yes') return page(verdict)
  const object = liveObject(containerAt(there, store), there.object, store)
  if (object === undefined)
    return withLocation(text(409, 'X-Symlink-Target does not exist', 'text/plain'), location)
  const start = { place: there, object, ...(link.etag !== undefined && { etag: link.etag }) }
  const found = follow(start, { store, mayRead }, true)
  return 'object' in found ? found.object : withLocation(found.refused, found.location ?? location)
}

// What a static link tells of its target in listings.
function known({ manifest, size, link }: StoredObject): Pick<Link, 'bytes' | 'sloEtag'> {
  const sloEtag = manifest?.etag ?? link?.sloEtag
  return { bytes: manifest?.total ?? size, ...(sloEtag !== undefined && { sloEtag }) }
}

function typeOf(call: Call, target: StoredObject | undefined): string {
  const type = call.header('Content-Type')
  if (type !== undefined && type !== '') return type
  return target?.contentType ?? 'application/symlink'
}
