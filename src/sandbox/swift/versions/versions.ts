import type { Call, Header } from '../../call.ts'
import { quote } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { empty, notFound, notKnown, page, text } from '../answer.ts'
import { follow } from '../link/follow.ts'
import { deleteObject } from '../object/delete-object.ts'
import { hasBody } from '../object/has-body.ts'
import { readObject } from '../object/object.ts'
import type { Operation } from '../operation.ts'
import { containerOf } from '../operation.ts'
import type { Place } from '../place.ts'
import { liveObject, removeObject, setCurrent } from '../store/store.ts'
import type { Container, Store, StoredObject } from '../store/stored.ts'
import {
  addVersion,
  deleteMarker,
  findVersion,
  isDeleteMarker,
  keepCurrent,
  keepsVersions,
  removeVersion,
} from '../store/version-store.ts'
import { httpDate, roundedUp } from '../times.ts'
import { deleteKeeping } from './earlier.ts'
import { idOf, versionAsked, versionHeader } from './version-request.ts'

/** GET and HEAD of an object or of one of its versions. */
export function readVersioned(operation: Operation): Reply {
  const { call, place, store } = operation
  const container = containerOf(operation)
  const id = versionAsked(call)
  const current = liveObject(container, place.object, store)
  if (id === undefined) {
    const reply = readObject(operation, current)
    return container?.versions === undefined ? reply : withCurrent(reply, place, idShown(operation, current))
  }
  const object = id === 'null' ? current : findVersion(container, place.object, idOf(id))
  if (id === 'null' && object?.version !== undefined) return notFound(call)
  if (object !== undefined && isDeleteMarker(object)) return markerPage(call, object, id)
  const reply = readObject(operation, object)
  return reply.status < 300 ? withHeaders(reply, [['X-Object-Version-Id', id]]) : reply
}

/** DELETE of an object: in a container with versions it leaves a delete marker. */
export async function deleteVersioned(operation: Operation): Promise<Reply> {
  const { call, place, store } = operation
  const container = containerOf(operation)
  const name = place.object
  const id = versionAsked(call)
  if (!/^\s*[+-]?\d+\s*$/.test(call.header('X-If-Delete-At') ?? '0'))
    return text(400, 'Bad X-If-Delete-At header value', 'text/plain')
  if (container && id !== undefined && id !== 'null') return deleteVersion(container, name, id, store)
  if (container === undefined || id === 'null' || !keepsVersions(container))
    return (await deleteKeeping(operation)) ?? deleteObject(container, name, store)
  keepCurrent(container, name, store)
  const marker = addVersion(container, name, deleteMarker(store.now()), store)
  return withHeaders(deleteObject(container, name, store), versionHeader(marker.version))
}

function deleteVersion(container: Container, name: string, id: string, store: Store): Reply {
  const current = container.objects.get(name)?.version
  const isCurrent = current === idOf(id)
  if (isCurrent) removeObject(container, name, store)
  const removed = removeVersion(container, name, idOf(id), store)
  return withHeaders(removed ? empty(204) : page(404), [
    ['X-Object-Version-Id', id],
    ['X-Object-Current-Version-Id', isCurrent || current === undefined ? 'null' : current],
  ])
}

/** PUT with `version-id`: makes an earlier version the current object. */
export async function restoreVersion(operation: Operation, id: string): Promise<Reply> {
  const { call, place, store } = operation
  const container = containerOf(operation)
  const name = place.object
  if (await hasBody(call)) return text(400, 'PUT version-id requests require a zero byte body', 'text/plain')
  const object = findVersion(container, name, idOf(id))
  if (container === undefined || object === undefined)
    return text(404, 'The specified version does not exist', 'text/plain')
  if (isDeleteMarker(object)) return notKnown("Swift's PUT of a delete marker")
  setCurrent(container, name, { ...object, version: idOf(id) }, store)
  return empty(201, [
    ['Etag', object.etag],
    ['Last-Modified', httpDate(roundedUp(store.now()))],
    ...versionHeader(idOf(id)),
  ])
}

/** A refusal, with what Swift tells of versions all the same. */
export function refusedVersion(
  call: Call,
  container: Container | undefined,
  name: string,
  reply: Reply,
): Reply {
  const id = versionAsked(call)
  if (container?.versions === undefined || name === '') return reply
  if (id === undefined && ['GET', 'HEAD'].includes(call.method))
    return withHeaders(reply, versionHeader('null'))
  if (id === undefined || id === 'null' || call.method !== 'DELETE') return reply
  const current = container.objects.get(name)?.version
  return withHeaders(reply, [
    ['X-Object-Version-Id', id],
    ['X-Object-Current-Version-Id', current === undefined || current === idOf(id) ? 'null' : current],
  ])
}

function withCurrent(reply: Reply, { account, container, object }: Place, id: string | undefined): Reply {
  if (id === undefined) return withHeaders(reply, versionHeader('null'))
  const location = `${quote(`/v1/${account}/${container}/${object}`)}?version-id=${id}`
  const own = { ...reply, headers: reply.headers.filter(([name]) => name !== 'Content-Location') }
  return withHeaders(own, [['Content-Location', location], ...versionHeader(id)])
}

// Of a link that is that of its target, as far as it is in the same container.
function idShown(
  { call, place, store, mayRead }: Operation,
  current: StoredObject | undefined,
): string | undefined {
  if (current?.link === undefined || call.query.get('symlink') === 'get') return current?.version
  const found = follow({ place, object: current }, { store, mayRead })
  const isHere =
    'object' in found && found.place.account === place.account && found.place.container === place.container
  return isHere ? found.object.version : undefined
}

function withHeaders(reply: Reply, headers: readonly Header[]): Reply {
  return { ...reply, headers: [...reply.headers, ...headers] }
}

function markerPage(call: Call, { contentType }: StoredObject, id: string): Reply {
  return {
    ...notFound(call),
    headers: [
      ['Content-Type', contentType],
      ['X-Object-Version-Id', id],
    ],
  }
}
