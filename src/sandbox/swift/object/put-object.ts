import type { Call } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { empty, page, text } from '../answer.ts'
import { objectMetadata, refuseMetadata } from '../metadata.ts'
import { putObject } from '../store/store.ts'
import type { Account, Store } from '../store/stored.ts'
import { httpDate, roundedUp } from '../times.ts'
import { versionHeader } from '../versions/version-request.ts'
import { guessType, storedType } from './content-type.ts'
import { expiryOf, withExpiry } from './expiry.ts'

const largestObject = 5_368_709_122

/** PUT of an object: https://docs.openstack.org/api-ref/object-store/#create-or-replace-object */
export async function storeObject(
  call: Call,
  account: Account,
  place: { readonly container: string; readonly object: string },
  store: Store,
): Promise<Reply> {
  const refused = refuseObject(call, account, place)
  if (refused) return refused
  const expiry = expiryOf(call, store.now())
  if (typeof expiry === 'object') return expiry
  const upload = await store.bodies.write(call.body)
  if (upload === 'full') return page(507)
  const now = store.now()
  const modified = ['Last-Modified', httpDate(roundedUp(now))] as const
  const { etag } = upload
  const wanted = call
    .header('ETag')
    ?.trim()
    .replace(/^"(.*)"$/, '$1')
    .toLowerCase()
  // The container can have gone while the body came in.
  const container = account.containers.get(place.container)
  const mismatch = wanted !== undefined && wanted !== '' && wanted !== etag
  if (mismatch || container === undefined) {
    store.bodies.free(upload)
    return mismatch ? page(422, [modified]) : page(404)
  }
  const type = call.header('Content-Type')
  const contentType = type === undefined || type === '' ? guessType(place.object) : storedType(type)
  const version = putObject(
    container,
    place.object,
    { ...upload, contentType, metadata: withExpiry(objectMetadata(call), expiry), timestamp: now },
    store,
  )
  return empty(201, [['Etag', etag], modified, ...versionHeader(version)])
}

/** What can be refused before the body is read, so that `Expect: 100-continue` saves sending it. */
function refuseObject(
  call: Call,
  account: Account,
  { container, object }: { readonly container: string; readonly object: string },
): Reply | undefined {
  const noneMatch = call.header('If-None-Match')
  if (noneMatch !== undefined && noneMatch !== '*')
    return text(400, 'If-None-Match only supports *', 'text/plain')
  const pointer = call.header('X-Object-Manifest')
  if (pointer !== undefined && !/^[^/?&]+\/[^/?&][^?&]*$/.test(pointer))
    return text(400, 'X-Object-Manifest must be in the format container/prefix')
  const found = account.containers.get(container)
  if (found === undefined) return page(404)
  if ((call.length ?? 0) > largestObject) return text(413, 'Your request is too large.', 'text/plain')
  if (call.length === undefined && !call.chunked)
    return text(411, 'Missing Content-Length header.', 'text/plain')
  const length = Buffer.byteLength(object)
  if (length > 1024) return text(400, `Object name length of ${length} longer than 1024`, 'text/plain')
  return (
    refuseMetadata(call, 'object') ?? (noneMatch === '*' && found.objects.has(object) ? page(412) : undefined)
  )
}
