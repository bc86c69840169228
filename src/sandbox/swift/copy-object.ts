import type { Call, Header } from '../call.ts'
import { decodePercent, quote } from '../call.ts'
import type { Reply } from '../reply.ts'
import { empty, page, text } from './answer.ts'
import { failedCondition } from './conditions.ts'
import { storedType } from './content-type.ts'
import { objectMetadata, refuseMetadata } from './metadata.ts'
import type { Account, Store, StoredObject } from './store.ts'
import { putObject } from './store.ts'
import { httpDate, roundedUp } from './times.ts'

type Spot = { readonly container: string; readonly object: string }

/** COPY, or PUT with X-Copy-From: https://docs.openstack.org/api-ref/object-store/#copy-object */
export function copyObject(call: Call, account: Account, here: Spot, store: Store): Reply {
  const header = call.method === 'COPY' ? 'Destination' : 'X-Copy-From'
  const named = call.header(header)
  if (named === undefined) return text(412, `${header} header required`)
  const there = parseSpot(named)
  if (there === undefined)
    return text(412, `${header} header must be of the form <container name>/<object name>`)
  if (call.method === 'PUT' && (call.length ?? 0) > 0)
    return text(400, 'Copy requests require a zero byte body', 'text/plain')
  if (call.method === 'PUT' && call.length === undefined && !call.chunked)
    return text(411, 'Missing Content-Length header.', 'text/plain')
  const refused = refuseMetadata(call, 'object')
  if (refused) return refused
  const [from, to] = call.method === 'COPY' ? [here, there] : [there, here]
  const source = account.containers.get(from.container)?.objects.get(from.object)
  const container = account.containers.get(to.container)
  if (source === undefined || container === undefined) return page(404)
  const failed = failedCondition(call, source)
  if (failed === 412) return page(412)
  if (failed === 304) return empty(304)
  if (!store.memory.take(source.size)) return page(507)
  const copy = { ...source, ...copiedHeaders(call, source), timestamp: store.now() }
  putObject(container, to.object, copy, store)
  return copied(account, from, source, copy)
}

// The source's metadata, and over it what the request has.
function copiedHeaders(call: Call, source: StoredObject): Pick<StoredObject, 'metadata' | 'contentType'> {
  const fresh = /^(true|1|yes|on|t|y)$/i.test(call.header('X-Fresh-Metadata') ?? '')
  const type = call.header('Content-Type')
  return {
    metadata: new Map([...(fresh ? [] : source.metadata), ...objectMetadata(call)]),
    contentType: type === undefined || type === '' ? source.contentType : storedType(type),
  }
}

function copied(account: Account, from: Spot, source: StoredObject, copy: StoredObject): Reply {
  const headers: readonly Header[] = [
    ['Etag', copy.etag],
    ['Last-Modified', httpDate(roundedUp(copy.timestamp))],
    ['X-Copied-From-Account', quote(account.name)],
    ['X-Copied-From', `${quote(from.container)}/${quote(from.object)}`],
    ['X-Copied-From-Last-Modified', httpDate(roundedUp(source.timestamp))],
    ...[...copy.metadata].filter(([name]) => name.startsWith('X-Object-Meta-')),
  ]
  return empty(201, headers)
}

function parseSpot(header: string): Spot | undefined {
  const path = decodePercent(header.replace(/^\//, '')) ?? ''
  const at = path.indexOf('/')
  if (at <= 0 || at === path.length - 1 || path.includes('\0')) return undefined
  return { container: path.slice(0, at), object: path.slice(at + 1) }
}
