import { noteAccount, noteObject } from './notes.ts'
import type { Account, Container, Store, StoredObject } from './stored.ts'
import { compareUtf8 } from './utf8-order.ts'
import {
  addVersion,
  changeVersion,
  findVersion,
  keepCurrent,
  keepsVersions,
  withoutEnd,
} from './version-store.ts'

/** An empty object store. */
export function createStore(given: Pick<Store, 'region' | 'bodies' | 'keeper' | 'now'>): Store {
  const accounts = new Map<string, Account>()
  const store: Store = {
    ...given,
    known: (name) => accounts.get(name),
    restore: (account) => void accounts.set(account.name, account),
    account(name) {
      const found = accounts.get(name)
      if (found !== undefined) return found
      const account = { name, created: store.now(), metadata: new Map(), containers: new Map() }
      accounts.set(name, account)
      noteAccount(account, store)
      return account
    },
  }
  return store
}

/** Puts an object, whose bytes have been taken in, in the place of one of that name; gives the new version's id, if it is one. */
export function putObject(
  container: Container,
  name: string,
  object: StoredObject,
  store: Store,
): string | undefined {
  if (!keepsVersions(container)) {
    setCurrent(container, name, object, store)
    return undefined
  }
  keepCurrent(container, name, store)
  const { version } = addVersion(container, name, withoutEnd(object), store)
  const { timestamp } = findVersion(container, name, version) ?? object
  setCurrent(container, name, { ...object, timestamp, version }, store)
  return version
}

/** Makes an object the current one of its name, itself or for one of its versions. */
export function setCurrent(container: Container, name: string, object: StoredObject, store: Store): void {
  const earlier = container.objects.get(name)
  if (earlier) freeOwn(earlier, store)
  else container.sorted = undefined
  container.bytes += ownSize(object) - (earlier ? ownSize(earlier) : 0)
  container.objects.set(name, object)
  noteObject(container, name, store)
}

/** Puts an object with the same bytes in the place of the current one, and of the version for which it stands. */
export function replaceObject(container: Container, name: string, object: StoredObject, store: Store): void {
  container.objects.set(name, object)
  noteObject(container, name, store)
  changeVersion(container, name, object, store)
}

// The bytes of an object that stands for a version are the version's.
function freeOwn(object: StoredObject, { bodies }: Store): void {
  if (object.version === undefined) bodies.free(object)
}

function ownSize({ size, version }: StoredObject): number {
  return version === undefined ? size : 0
}

/** The object of that name, unless its time is over; the real Swift still lists it for a while. */
export function liveObject(
  container: Container | undefined,
  name: string,
  { now }: Pick<Store, 'now'>,
): StoredObject | undefined {
  const object = container?.objects.get(name)
  const end = object?.metadata.get('X-Delete-At')
  return end !== undefined && Number(end) * 1000 <= now() ? undefined : object
}

/** Removes an object and its bytes. */
export function removeObject(container: Container, name: string, store: Store): boolean {
  const object = container.objects.get(name)
  if (object === undefined) return false
  freeOwn(object, store)
  container.bytes -= ownSize(object)
  container.objects.delete(name)
  container.sorted = undefined
  noteObject(container, name, store)
  return true
}

/** The names of a container's objects in the order of listings. */
export function sortedNames(container: Container): readonly string[] {
  container.sorted ??= [...container.objects.keys()].sort(compareUtf8)
  return container.sorted
}
