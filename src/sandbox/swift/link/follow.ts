import type { Reply } from '../../reply.ts'
import { notFound, page, text } from '../answer.ts'
import type { Operation, Reader } from '../operation.ts'
import { containerAt } from '../operation.ts'
import type { Place } from '../place.ts'
import { liveObject } from '../store/store.ts'
import type { StoredObject } from '../store/stored.ts'
import { targetOf, targetPath } from './link.ts'

/** What `/info` says of symbolic links. */
export const linkAbilities = { symloop_max: 2, static_links: true }

/** An object, and where it was found; `location` where links led to it. */
export type Found = {
  readonly place: Place
  readonly object: StoredObject
  readonly location: string | undefined
}

/** Why a link leads nowhere: the answer, and how far it led. */
export type Lost = { readonly refused: Reply; readonly location: string | undefined }

/**
 * The object at a place, or to which the links there lead: https://docs.openstack.org/swift/latest/middleware.html#symlink
 *
 * @param start what is at the place, and the ETag that it is to have
 * @param onlyStatic ends at a link without an ETag of its own
 */
export function follow(
  start: { readonly place: Place; readonly object: StoredObject | undefined; readonly etag?: string },
  { store, mayRead }: Reader,
  onlyStatic = false,
): Found | Lost {
  let { place, object } = start
  let wanted = start.etag
  let location: string | undefined
  for (let links = 0; ; links++) {
    if (object === undefined) return { refused: page(404), location }
    const { link } = object
    if (link === undefined || (onlyStatic && link.etag === undefined))
      return wanted === undefined || wanted === object.etag
        ? { place, object, location }
        : { refused: otherEtag(object.etag, wanted), location }
    if (wanted !== undefined && wanted !== (link.etag ?? object.etag))
      return { refused: text(409, 'X-Symlink-Target-Etag headers do not match', 'text/plain'), location }
    if (links >= linkAbilities.symloop_max) return { refused: tooMany, location: undefined }
    place = targetOf(link, place)
    location = targetPath(link, place)
    const verdict = mayRead(place)
    if (verdict !== 'yes') return { refused: page(verdict), location }
    object = liveObject(containerAt(place, store), place.object, store)
    wanted = link.etag
  }
}

/** What is found for a request, or its answer; `object` is what is at the place itself. */
export function followFor(
  { call, place, store, mayRead }: Operation,
  object: StoredObject | undefined,
): Found | Reply {
  if (object === undefined) return page(404)
  const found = follow({ place, object }, { store, mayRead })
  if ('object' in found) return found
  const refused = found.refused.status === 404 ? notFound(call) : found.refused
  return withLocation(call.method === 'HEAD' ? { ...refused, body: '' } : refused, found.location)
}

/** An answer that tells where the links have led. */
export function withLocation(reply: Reply, location: string | undefined): Reply {
  return location === undefined
    ? reply
    : { ...reply, headers: [...reply.headers, ['Content-Location', location]] }
}

const tooMany = text(
  409,
  `Too many levels of symbolic links, maximum allowed is ${linkAbilities.symloop_max}`,
  'text/plain',
)

function otherEtag(etag: string, wanted: string): Reply {
  return text(
    409,
    `Object Etag '${etag}' does not match X-Symlink-Target-Etag header '${wanted}'`,
    'text/plain',
  )
}
