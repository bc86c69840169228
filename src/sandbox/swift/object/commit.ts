import type { Reply } from '../../reply.ts'
import { page } from '../answer.ts'
import type { Operation } from '../operation.ts'
import { accountOf } from '../operation.ts'
import { putObject } from '../store/store.ts'
import type { StoredObject } from '../store/stored.ts'
import { keepEarlier } from '../versions/earlier.ts'

/**
 * Puts an object, whose bytes have been taken in, in its place; gives the new version's id, if it is one. When that cannot be
 * done it gives the answer, and the bytes are free again.
 */
export async function commit(
  operation: Operation,
  object: StoredObject,
): Promise<{ readonly version: string | undefined } | Reply> {
  const { place, store } = operation
  const refused = await keepEarlier(operation)
  // The container can have gone while the body came in.
  const container = accountOf(operation).containers.get(place.container)
  if (refused !== undefined || container === undefined) {
    store.bodies.free(object)
    return refused ?? page(404)
  }
  return { version: putObject(container, place.object, object, store) }
}
