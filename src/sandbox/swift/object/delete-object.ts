import type { Reply } from '../../reply.ts'
import { empty, page } from '../answer.ts'
import { liveObject, removeObject } from '../store/store.ts'
import type { Container, Store } from '../store/stored.ts'

/** DELETE. */
export function deleteObject(container: Container | undefined, name: string, store: Store): Reply {
  const isLive = liveObject(container, name, store) !== undefined
  return container && removeObject(container, name, store) && isLive ? empty(204) : page(404)
}
