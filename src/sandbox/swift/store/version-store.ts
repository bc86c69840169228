import { timestamp } from '../times.ts'
import { noteObject, noteVersion } from './notes.ts'
import type { Container, Store, StoredObject } from './stored.ts'

const markerType = 'application/x-deleted;swift_versions_deleted=1'

/** A version that says that from its time on there was no object. */
export function deleteMarker(now: number): StoredObject {
  const etag = 'd41d8cd98f00b204e9800998ecf8427e'
  return { parts: [], size: 0, etag, contentType: markerType, metadata: new Map(), timestamp: now }
}

/** Whether a version is a delete marker. */
export function isDeleteMarker({ contentType }: StoredObject): boolean {
  return contentType === markerType
}

/** Whether a new object of the container is a new version. */
export function keepsVersions(container: Container): boolean {
  return container.versions !== undefined && container.versioning === true
}

/** The version of that name and id. */
export function findVersion(
  container: Container | undefined,
  name: string,
  id: string,
): StoredObject | undefined {
  return container?.versions?.get(name)?.find((version) => version.id === id)?.object
}

/** Adds a version newer than all of its name, and gives it as the current object that stands for it. */
export function addVersion(
  container: Container,
  name: string,
  object: StoredObject,
  store: Store,
): StoredObject & { readonly version: string } {
  const versions = container.versions?.get(name) ?? []
  // A version's id is its time, which has to be its own.
  const time = Math.max(object.timestamp, container.newest + 0.01)
  container.newest = time
  const id = timestamp(time)
  const { version: _, ...kept } = { ...object, timestamp: time }
  container.versions?.set(name, [{ id, object: kept }, ...versions])
  container.bytes += object.size
  noteVersion(container, name, id, store)
  return { ...kept, version: id }
}

/** An object without its end: with X-Delete-At ends the name, and not the version for which it stands. */
export function withoutEnd(object: StoredObject): StoredObject {
  const kept = [...object.metadata].filter(([name]) => name !== 'X-Delete-At')
  return kept.length === object.metadata.size ? object : { ...object, metadata: new Map(kept) }
}

/** Makes a version of a current object that is none, from the time before there were versions. */
export function keepCurrent(container: Container, name: string, store: Store): void {
  const current = container.objects.get(name)
  if (current === undefined || current.version !== undefined) return
  container.objects.set(name, addVersion(container, name, current, store))
  container.bytes -= current.size
  noteObject(container, name, store)
}

/** Puts what an object was changed to into the place of its version, if it has one. */
export function changeVersion(
  container: Container,
  name: string,
  { version, ...object }: StoredObject,
  store: Store,
): void {
  if (version === undefined) return
  const changed = container.versions
    ?.get(name)
    ?.map((one) => (one.id === version ? { id: one.id, object: withoutEnd(object) } : one))
  if (changed) container.versions?.set(name, changed)
  noteVersion(container, name, version, store)
}

/** Removes a version and its bytes, and gives it. */
export function removeVersion(
  container: Container,
  name: string,
  id: string,
  store: Store,
): StoredObject | undefined {
  const found = findVersion(container, name, id)
  if (found === undefined) return undefined
  const rest = container.versions?.get(name)?.filter((version) => version.id !== id) ?? []
  if (rest.length === 0) container.versions?.delete(name)
  else container.versions?.set(name, rest)
  container.bytes -= found.size
  store.bodies.free(found)
  noteVersion(container, name, id, store)
  return found
}
