import { type Call, isTrue } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { empty, page, text } from '../answer.ts'
import { objectMetadata, refuseMetadata } from '../metadata.ts'
import type { Operation } from '../operation.ts'
import { accountOf } from '../operation.ts'
import { httpDate, roundedUp } from '../times.ts'
import { versionHeader } from '../versions/version-request.ts'
import { commit } from './commit.ts'
import { guessType } from './content-type.ts'
import { expiryOf, withExpiry } from './expiry.ts'

const largestObject = 5_368_709_122

/** PUT of an object: https://docs.openstack.org/api-ref/object-store/#create-or-replace-object */
export async function storeObject(operation: Operation): Promise<Reply> {
  const { call, place, store } = operation
  const refused = refuseObject(operation)
  if (refused) return refused
  const expiry = expiryOf(call, store.now())
  if (typeof expiry === 'object') return expiry
  const upload = await store.bodies.write(call.body)
  if (upload === 'full') return page(507)
  const now = store.now()
  const modified = ['Last-Modified', httpDate(roundedUp(now))] as const
  const { etag } = upload
  const wanted = etagWanted(call)
  if (wanted !== undefined && wanted !== etag) {
    store.bodies.free(upload)
    return page(422, [modified])
  }
  const about = {
    metadata: withExpiry(objectMetadata(call), expiry),
    contentType: typeAsked(call, place.object),
  }
  const done = await commit(operation, { ...upload, ...about, timestamp: now })
  return 'status' in done ? done : empty(201, [['Etag', etag], modified, ...versionHeader(done.version)])
}

/** The MD5 that a PUT says its bytes have. */
export function etagWanted(call: Call): string | undefined {
  const wanted = call
    .header('ETag')
    ?.trim()
    .replace(/^"(.*)"$/, '$1')
    .toLowerCase()
  return wanted === '' ? undefined : wanted
}

/** The type that an object of that name is put with: what the request says, or else a guess. */
export function typeAsked(call: Call, name: string): string {
  const type = call.header('Content-Type')
  return type === undefined || type === '' || isTrue(call.header('X-Detect-Content-Type'))
    ? guessType(name)
    : type
}

/** What can be refused before the body is read, so that `Expect: 100-continue` saves sending it. */
export function refuseObject(operation: Operation): Reply | undefined {
  const { call, place } = operation
  const noneMatch = call.header('If-None-Match')
  if (noneMatch !== undefined && noneMatch !== '*')
    return text(400, 'If-None-Match only supports *', 'text/plain')
  const pointer = call.header('X-Object-Manifest')
  if (pointer !== undefined && !/^[^/?&]+\/[^/?&][^?&]*$/.test(pointer))
    return text(400, 'X-Object-Manifest must be in the format container/prefix')
  const found = accountOf(operation).containers.get(place.container)
  if (found === undefined) return page(404)
  if ((call.length ?? 0) > largestObject) return text(413, 'Your request is too large.', 'text/plain')
  const coding = call.header('Transfer-Encoding')?.toLowerCase()
  if (coding !== undefined && coding !== 'chunked')
    return text(
      501,
      `Unsupported Transfer-Coding header value specified in Transfer-Encoding header`,
      'text/plain',
    )
  if (call.length === undefined && !call.chunked)
    return text(411, 'Missing Content-Length header.', 'text/plain')
  const length = Buffer.byteLength(place.object)
  if (length > 1024) return text(400, `Object name length of ${length} longer than 1024`, 'text/plain')
  return (
    refuseMetadata(call, 'object') ??
    (noneMatch === '*' && found.objects.has(place.object) ? page(412) : undefined)
  )
}
