import type { Call, Header } from '../../call.ts'
import { quote } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { empty, notFound, notKnown, page, text } from '../answer.ts'
import type { MayRead } from '../large/large-object.ts'
import { deleteObject, readObject } from '../object/object.ts'
import { liveObject, removeObject, setCurrent } from '../store/store.ts'
import type { Account, Container, Store, StoredObject } from '../store/stored.ts'
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
import { idOf, versionAsked, versionHeader } from './version-request.ts'

type Spot = { readonly container: string; readonly object: string }

/** GET and HEAD of an object or of one of its versions. */
export function readVersioned(
  call: Call,
  account: Account,
  spot: Spot,
  mayRead: MayRead,
  store: Store,
): Reply {
  const container = account.containers.get(spot.container)
  const id = versionAsked(call)
  const current = liveObject(container, spot.object, store)
  if (id === undefined) {
    const reply = readObject(call, account, current, mayRead)
    return container?.versions === undefined ? reply : withCurrent(reply, account, spot, current)
  }
  const object = id === 'null' ? current : findVersion(container, spot.object, idOf(id))
  if (id === 'null' && object?.version !== undefined) return notFound(call)
  if (object !== undefined && isDeleteMarker(object)) return markerPage(call, object, id)
  const reply = readObject(call, account, object, mayRead)
  return reply.status < 300 ? withHeaders(reply, [['X-Object-Version-Id', id]]) : reply
}

/** DELETE of an object: in a container with versions it leaves a delete marker. */
export function deleteVersioned(
  call: Call,
  container: Container | undefined,
  name: string,
  store: Store,
): Reply {
  const id = versionAsked(call)
  if (container && id !== undefined && id !== 'null') return deleteVersion(container, name, id, store)
  if (container === undefined || id === 'null' || !keepsVersions(container))
    return deleteObject(container, name, store)
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
export async function restoreVersion(
  call: Call,
  container: Container | undefined,
  name: string,
  id: string,
  store: Store,
): Promise<Reply> {
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

function withCurrent(
  reply: Reply,
  { name: account }: Account,
  { container, object }: Spot,
  current: StoredObject | undefined,
): Reply {
  const id = current?.version
  if (id === undefined) return withHeaders(reply, versionHeader('null'))
  const location = `${quote(`/v1/${account}/${container}/${object}`)}?version-id=${id}`
  return withHeaders(reply, [['Content-Location', location], ...versionHeader(id)])
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

async function hasBody(call: Call): Promise<boolean> {
  if (call.length !== undefined) return call.length > 0
  for await (const chunk of call.body) if (chunk.length > 0) return true
  return false
}
