import type { Call, Header } from '../../call.ts'
import { quote } from '../../call.ts'
import { withoutEndSlashes } from '../../end-slashes.ts'
import type { Reply } from '../../reply.ts'
import { notKnown, reasonOf, text } from '../answer.ts'
import { acceptedType } from '../listing/listing-format.ts'
import type { Place } from '../place.ts'
import { type ArchivedFile, ArchiveProblem, filesOf } from './archive.ts'
import { longestPath, reportText } from './bulk-delete.ts'

/** What `/info` says of it. */
export const bulkUploadLimits = { max_containers_per_extraction: 10_000, max_failed_extractions: 1000 }

/** A request that a file of the archive leads to. */
export type Sent = Pick<Call, 'method' | 'headers'> & Partial<Pick<Call, 'length' | 'body'>>

/** Ends an extraction; what was created stays. */
class Stop extends Error {
  readonly status: number
  constructor(status: number, message = '') {
    super(message)
    this.status = status
  }
}

/**
 * `?extract-archive=tar`: makes an object of each file in the body, and the containers for them. It is 200 once it has begun;
 * what became of it is in the body. https://docs.openstack.org/swift/latest/middleware.html#bulk-operations-delete-and-archive-auto-extraction
 *
 * @param send asks for `container` or `container/object` as whoever asks, and gives the status
 */
export async function extractArchive(
  call: Call,
  { container, object }: Place,
  send: (name: string, request: Sent) => Promise<number>,
): Promise<Reply> {
  const kind = call.query.get('extract-archive') ?? ''
  if (kind === 'tar.bz2') return notKnown("Swift's archives by bzip2")
  if (kind !== 'tar' && kind !== 'tar.gz') return text(400, 'Unsupported archive format')
  const base = withoutEndSlashes([container, object].filter(Boolean).join('/'))
  const extraction: Extraction = {
    created: 0,
    containers: 0,
    failed: [],
    failure: 400,
    base,
    send,
    headers: kept(call),
  }
  const end = await extract(call, kind === 'tar.gz', extraction).catch((cause: unknown) => {
    if (cause instanceof Stop) return { status: cause.status, body: cause.message }
    if (cause instanceof ArchiveProblem) return { status: 400, body: `Invalid Tar File: ${cause.message}` }
    throw cause
  })
  const type = acceptedType(call)
  const fields = {
    'Response Status': `${end.status} ${reasonOf(end.status)}`,
    'Response Body': end.body,
    'Number Files Created': extraction.created,
  }
  return {
    status: 200,
    headers: [['Content-Type', type ?? 'text/html; charset=UTF-8']],
    body: reportText(type, 'extract', fields, extraction.failed),
    chunked: true,
  }
}

type Extraction = {
  /** How many objects and how many containers it has made. */
  created: number
  containers: number
  readonly failed: [name: string, status: string][]
  failure: number
  /** Before the names of the files; empty for an account. */
  readonly base: string
  readonly headers: readonly Header[]
  send(name: string, request: Sent): Promise<number>
}

async function extract(
  call: Call,
  isZipped: boolean,
  extraction: Extraction,
): Promise<{ readonly status: number; readonly body: string }> {
  if (acceptedType(call) === undefined) throw new Stop(406)
  if (call.length === undefined && !call.chunked) throw new Stop(411, 'Missing Content-Length header.')
  const seen = new Set<string>()
  for await (const file of filesOf(call.body, isZipped)) {
    if (extraction.failed.length >= bulkUploadLimits.max_failed_extractions) break
    await createObject(file, seen, extraction)
  }
  const { failed, failure, created } = extraction
  if (failed.length > 0) return { status: failure, body: '' }
  if (created === 0) return { status: 400, body: 'Invalid Tar File: No Valid Files' }
  return { status: 201, body: '' }
}

async function createObject(file: ArchivedFile, seen: Set<string>, extraction: Extraction): Promise<void> {
  const { base, send, failed, headers } = extraction
  const inside = file.name.replace(/^\.\//, '').replace(/^\/+/, '')
  const name = base === '' ? inside : `${base}/${inside}`
  const [container = ''] = name.split('/')
  if (container === name) return
  const fail = (status: number, what = name, reason = reasonOf(status)): void =>
    void failed.push([quote(what.slice(0, longestPath)), `${status} ${reason}`])
  // It was no UTF-8; what it was is not known any more.
  if (name.includes('\ufffd')) return fail(412)
  const refused = seen.has(container) ? undefined : await createContainer(container, extraction)
  if (refused === 401) throw new Stop(401)
  const own = [...headers, ...paxHeaders(file)]
  const request = { method: 'PUT', headers: own, length: file.size, body: file.bytes }
  const status = await send(name, request).catch((cause: unknown) => {
    if (cause instanceof ArchiveProblem) fail(500, name, 'Internal Error')
    throw cause
  })
  seen.add(container)
  if (status < 300) extraction.created++
  else {
    if (refused !== undefined) fail(refused, `/${container}`)
    if (status >= 500) extraction.failure = 502
    fail(status)
    if (status === 401) throw new Stop(401)
  }
}

// Gives the status of a refusal.
async function createContainer(name: string, extraction: Extraction): Promise<number | undefined> {
  const found = await extraction.send(name, { method: 'HEAD', headers: [] })
  if (found !== 404) return found < 300 ? undefined : found
  const status = await extraction.send(name, { method: 'PUT', headers: [] })
  if (status >= 300) return status
  const { max_containers_per_extraction: most } = bulkUploadLimits
  if (++extraction.containers > most) throw new Stop(400, `More than ${most} containers to create from tar.`)
  return undefined
}

function kept({ headers }: Call): readonly Header[] {
  return headers.filter(([name]) => /^x-(delete-at|delete-after|object-meta-.+)$/i.test(name))
}

function paxHeaders({ pax }: ArchivedFile): readonly Header[] {
  return Object.entries(pax).flatMap(([key, value]): Header[] => {
    const [, kind, name] = /^(?:SCHILY|LIBARCHIVE)\.xattr\.user\.(mime_type$|meta\.(.*))/.exec(key) ?? []
    if (kind === undefined) return []
    return [[name === undefined ? 'Content-Type' : `X-Object-Meta-${name}`, value]]
  })
}
