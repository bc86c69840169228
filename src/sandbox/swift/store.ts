import type { Bodies, Body } from './bodies.ts'
import { compareUtf8 } from './utf8-order.ts'
import type { Version } from './version-store.ts'
import { addVersion, keepCurrent, keepsVersions } from './version-store.ts'

/** Header values by their names as they are shown. */
export type Metadata = ReadonlyMap<string, string>

/** A segment of a static large object, with the fields that Swift shows and stores. */
export type Segment =
  | { readonly data: string }
  | {
      readonly name: string
      readonly bytes: number
      readonly hash: string
      readonly content_type: string
      readonly last_modified: string
      /** Both ends are part of it: `1-2`. */
      readonly range?: string
      readonly sub_slo?: true
    }

/** An object. Times are milliseconds since 1970. */
export type StoredObject = Body & {
  readonly contentType: string
  /** X-Object-Meta-* and the few other headers that Swift keeps. */
  readonly metadata: Metadata
  readonly timestamp: number
  /** Of a static large object, whose parts are the manifest's JSON: the segments, their ETag and their length. */
  readonly manifest?: { readonly segments: readonly Segment[]; readonly etag: string; readonly total: number }
  /** Of a current object: the version that it stands for, which holds its bytes. */
  readonly version?: string
}

/** A container. */
export type Container = {
  readonly name: string
  readonly created: number
  changed: number
  metadata: Metadata
  readonly objects: Map<string, StoredObject>
  /** The last X-Versions-Enabled. */
  versioning: boolean | undefined
  /** The versions of each name, the newest first; undefined where there never were any. */
  versions: Map<string, readonly Version[]> | undefined
  /** The time of the newest version; 0 for none. */
  newest: number
  /** Of all objects and all versions. */
  bytes: number
  /** In the order of their UTF-8 bytes; undefined after a change. */
  sorted: readonly string[] | undefined
}

/** An account: the object store of a project in a region. */
export type Account = {
  readonly name: string
  readonly created: number
  metadata: Metadata
  readonly containers: Map<string, Container>
}

/** The object store of a region. */
export type Store = {
  readonly bodies: Bodies
  now(): number
  /** The account; made when it is not there. */
  account(name: string): Account
  /** The account, if somebody has used it. */
  known(name: string): Account | undefined
}

/** An empty object store. */
export function createStore(bodies: Bodies, now: () => number): Store {
  const accounts = new Map<string, Account>()
  return {
    bodies,
    now,
    known: (name) => accounts.get(name),
    account(name) {
      const found = accounts.get(name) ?? { name, created: now(), metadata: new Map(), containers: new Map() }
      accounts.set(name, found)
      return found
    },
  }
}

/** A new container in the account. */
export function addContainer(account: Account, name: string, metadata: Metadata, now: number): Container {
  const container: Container = {
    name,
    created: now,
    changed: now,
    metadata,
    objects: new Map(),
    versioning: undefined,
    versions: undefined,
    newest: 0,
    bytes: 0,
    sorted: [],
  }
  account.containers.set(name, container)
  return container
}

/** Puts an object, whose bytes have been taken in, in the place of one of that name; gives the new version's id, if it is one. */
export function putObject(
  container: Container,
  name: string,
  object: StoredObject,
  store: Pick<Store, 'bodies'>,
): string | undefined {
  if (!keepsVersions(container)) {
    setCurrent(container, name, object, store)
    return undefined
  }
  keepCurrent(container, name)
  const current = addVersion(container, name, object)
  setCurrent(container, name, current, store)
  return current.version
}

/** Makes an object the current one of its name, itself or for one of its versions. */
export function setCurrent(
  container: Container,
  name: string,
  object: StoredObject,
  { bodies }: Pick<Store, 'bodies'>,
): void {
  const earlier = container.objects.get(name)
  if (earlier) freeOwn(earlier, bodies)
  else container.sorted = undefined
  container.bytes += ownSize(object) - (earlier ? ownSize(earlier) : 0)
  container.objects.set(name, object)
}

// The bytes of an object that stands for a version are the version's.
function freeOwn(object: StoredObject, bodies: Bodies): void {
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
export function removeObject(container: Container, name: string, { bodies }: Pick<Store, 'bodies'>): boolean {
  const object = container.objects.get(name)
  if (object === undefined) return false
  freeOwn(object, bodies)
  container.bytes -= ownSize(object)
  container.objects.delete(name)
  container.sorted = undefined
  return true
}

/** The names of a container's objects in the order of listings. */
export function sortedNames(container: Container): readonly string[] {
  container.sorted ??= [...container.objects.keys()].sort(compareUtf8)
  return container.sorted
}
