import { readPieces } from '../../piece.ts'
import type { Reply } from '../../reply.ts'
import { empty, page } from '../answer.ts'
import { listNames, wholeListing } from '../listing/listing.ts'
import { deleteObject } from '../object/delete-object.ts'
import type { Operation } from '../operation.ts'
import { accountOf, containerOf } from '../operation.ts'
import { liveObject, putObject, removeObject, sortedNames } from '../store/store.ts'
import type { Container, Store, StoredObject } from '../store/stored.ts'
import { deleteMarker, isDeleteMarker } from '../store/version-store.ts'
import { timestamp } from '../times.ts'
import { earlierKept } from './versions-location.ts'

/**
 * Copies what a PUT is about to replace into the container that X-Versions-Location or X-History-Location names:
 * https://docs.openstack.org/swift/latest/middleware.html#versioned-writes. 412 when it is not there.
 */
export async function keepEarlier(operation: Operation): Promise<Reply | undefined> {
  const container = containerOf(operation)
  const kept = container && earlierKept(container)
  if (container === undefined || kept === undefined) return undefined
  return await copyCurrent(operation, container, kept.location)
}

/** DELETE in a container that keeps earlier objects; undefined for one that does not. */
export async function deleteKeeping(operation: Operation): Promise<Reply | undefined> {
  const container = containerOf(operation)
  const kept = container && earlierKept(container)
  if (container === undefined || kept === undefined) return undefined
  if (kept.mode === 'history') return await pushMarker(operation, container, kept.location)
  return await popEarlier(operation, container, kept.location)
}

async function copyCurrent(
  { place, store }: Operation,
  container: Container,
  location: string,
): Promise<Reply | undefined> {
  const current = liveObject(container, place.object, store)
  if (current === undefined) return undefined
  const target = store.account(place.account).containers.get(location)
  if (target === undefined) return page(412)
  const copy = await copyOf(current, store)
  if (copy === undefined) return page(507)
  putObject(target, nameFor(place.object, current.timestamp, target), copy, store)
  return undefined
}

async function pushMarker(operation: Operation, container: Container, location: string): Promise<Reply> {
  const { place, store } = operation
  const refused = await copyCurrent(operation, container, location)
  if (refused) return refused
  const target = accountOf(operation).containers.get(location)
  if (target === undefined) return page(412)
  putObject(target, nameFor(place.object, store.now(), target), deleteMarker(store.now()), store)
  return deleteObject(container, place.object, store)
}

// The newest earlier object comes back; behind a marker of a deletion, the one before that.
async function popEarlier(operation: Operation, container: Container, location: string): Promise<Reply> {
  const { place, store } = operation
  const source = accountOf(operation).containers.get(location)
  const [newest, next] = source ? earlierNames(source, place.object) : []
  const last = newest === undefined ? undefined : source?.objects.get(newest)
  if (source === undefined || newest === undefined || last === undefined)
    return deleteObject(container, place.object, store)
  if (!isDeleteMarker(last))
    return (await restore(operation, container, source, newest)) ?? removed(source, newest, store)
  if (liveObject(container, place.object, store) !== undefined)
    return deleteObject(container, place.object, store)
  const before = next === undefined ? undefined : source.objects.get(next)
  if (next !== undefined && before !== undefined && !isDeleteMarker(before)) {
    const refused = await restore(operation, container, source, next)
    if (refused) return refused
    removeObject(source, next, store)
  }
  return removed(source, newest, store)
}

function removed(source: Container, name: string, store: Store): Reply {
  removeObject(source, name, store)
  return empty(204)
}

async function restore(
  { place, store }: Operation,
  container: Container,
  source: Container,
  name: string,
): Promise<Reply | undefined> {
  const earlier = source.objects.get(name)
  const copy = earlier && (await copyOf(earlier, store))
  if (copy === undefined) return page(507)
  putObject(container, place.object, copy, store)
  return undefined
}

async function copyOf(object: StoredObject, store: Store): Promise<StoredObject | undefined> {
  const { version: _, ...own } = object
  const body = await store.bodies.write(readPieces(object.parts), object.etag)
  return body === 'full' ? undefined : { ...own, ...body, timestamp: store.now() }
}

// Three hex digits of its length, the name, and the time at which it came.
function prefixOf(name: string): string {
  return `${Buffer.byteLength(name).toString(16).padStart(3, '0')}${name}/`
}

// The next name that is free: several objects may come within a millisecond.
function nameFor(name: string, time: number, target: Container): string {
  for (let next = time; ; next += 0.01) {
    const found = `${prefixOf(name)}${timestamp(next)}`
    if (!target.objects.has(found)) return found
  }
}

function earlierNames(source: Container, name: string): readonly string[] {
  return listNames(sortedNames(source), { ...wholeListing, prefix: prefixOf(name), reverse: true }).flatMap(
    (entry) => ('name' in entry ? [entry.name] : []),
  )
}
