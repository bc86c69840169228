import { createHash } from 'node:crypto'
import type { Call } from '../../call.ts'
import { isTrue, quote } from '../../call.ts'
import { toPythonJson } from '../../python-json.ts'
import type { Reply } from '../../reply.ts'
import { empty, page, reasonOf, text, wordsOf } from '../answer.ts'
import { reportText } from '../bulk/bulk-delete.ts'
import { follow } from '../link/follow.ts'
import { acceptedType } from '../listing/listing-format.ts'
import { objectMetadata } from '../metadata.ts'
import { commit } from '../object/commit.ts'
import { expiryOf, withExpiry } from '../object/expiry.ts'
import { etagWanted, refuseObject, typeAsked } from '../object/put-object.ts'
import { parseRanges } from '../object/ranges.ts'
import type { Operation } from '../operation.ts'
import { containerAt } from '../operation.ts'
import type { Place } from '../place.ts'
import type { Segment } from '../store/stored.ts'
import { httpDate, listingTime, roundedUp } from '../times.ts'
import { versionHeader } from '../versions/version-request.ts'
import { segmentLength, segmentViewer, splitName } from './large-object.ts'
import type { NamedSegment } from './manifest-input.ts'
import { parseManifest } from './manifest-input.ts'

/** What `/info` says of static large objects. */
export const manifestLimits = {
  max_manifest_segments: 1000,
  max_manifest_size: 8_388_608,
  yield_frequency: 10,
  min_segment_size: 1,
  allow_async_delete: false,
}

/** PUT with `multipart-manifest=put`: https://docs.openstack.org/swift/latest/overview_large_objects.html#static-large-objects */
export async function putManifest(operation: Operation): Promise<Reply> {
  const { call, place } = operation
  const named = await readManifest(call, place)
  if ('status' in named) return named
  const looked = lookUp(named, operation)
  const type = acceptedType(call) ?? 'text/plain'
  return isTrue(call.query.get('heartbeat'))
    ? heartbeat(await storeManifest(operation, looked, type), looked.problems, type)
    : await storeManifest(operation, looked, type)
}

async function storeManifest(
  operation: Operation,
  { segments, problems }: LookedUp,
  type: string,
): Promise<Reply> {
  const { call, place, store } = operation
  if (problems.length > 0) return text(400, reportText(type, 'upload', {}, problems), type)
  const refused = refuseObject(operation)
  if (refused) return refused
  const etag = etagOf(segments)
  const wanted = etagWanted(call)
  if (wanted !== undefined && wanted !== etag) return page(422)
  const expiry = expiryOf(call, store.now())
  if (typeof expiry === 'object') return expiry
  const body = await store.bodies.write([Buffer.from(toPythonJson(segments))])
  if (body === 'full') return page(507)
  const now = store.now()
  const done = await commit(operation, {
    ...body,
    contentType: typeAsked(call, place.object),
    metadata: withExpiry(objectMetadata(call), expiry),
    timestamp: now,
    manifest: { segments, etag, total: segments.reduce((sum, segment) => sum + segmentLength(segment), 0) },
  })
  if ('status' in done) return done
  return empty(201, [
    ['Etag', `"${etag}"`],
    ['Last-Modified', httpDate(roundedUp(now))],
    ...versionHeader(done.version),
  ])
}

// It is 202 before anything is known, and blanks come until the end; what became of it is in the body.
function heartbeat(done: Reply, problems: LookedUp['problems'], type: string): Reply {
  const fields: Record<string, string> = { 'Response Status': `${done.status} ${reasonOf(done.status)}` }
  const of = (name: string): string => done.headers.find(([one]) => one === name)?.[1] ?? ''
  if (done.status < 300) {
    fields.Etag = of('Etag')
    fields['Last Modified'] = of('Last-Modified')
  }
  fields['Response Body'] = done.status < 300 ? '' : `${reasonOf(done.status)}\n${wordsOf(done.status)}`
  return {
    status: 202,
    headers: [['Content-Type', type]],
    body: ` \r\n\r\n${reportText(type, 'upload', fields, problems)}`,
    chunked: true,
  }
}

/** The manifest as it was sent: `multipart-manifest=get&format=raw`. */
export function rawManifest(segments: readonly Segment[]): Buffer {
  const sent = segments.map((segment) =>
    'data' in segment
      ? segment
      : {
          etag: segment.hash,
          path: segment.name,
          ...(segment.range !== undefined && { range: segment.range }),
          size_bytes: segment.bytes,
        },
  )
  return Buffer.from(toPythonJson(sent))
}

async function readManifest(
  call: Call,
  { container, object }: Place,
): Promise<readonly NamedSegment[] | Reply> {
  const { max_manifest_size: largest, max_manifest_segments: most } = manifestLimits
  if (call.length === undefined && !call.chunked) return text(411, 'Missing Content-Length header.')
  if ((call.length ?? 0) > largest) return text(413, `Manifest File > ${largest} bytes`)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of call.body) {
    size += chunk.length
    if (size > largest) return text(413, `Manifest File > ${largest} bytes`)
    chunks.push(chunk)
  }
  const named = parseManifest(Buffer.concat(chunks).toString(), `${container}/${object}`)
  if (!('status' in named) && named.filter((segment) => 'path' in segment).length > most)
    return text(413, `Number of object-backed segments must be <= ${most}`)
  return named
}

type LookedUp = {
  readonly segments: readonly Segment[]
  readonly problems: readonly (readonly [name: string, what: string])[]
}

function lookUp(
  named: readonly NamedSegment[],
  { place: { account }, store, mayRead }: Pick<Operation, 'place' | 'store' | 'mayRead'>,
): LookedUp {
  const problems: (readonly [string, string])[] = []
  const reader = { store, mayRead }
  const view = segmentViewer(account, reader)
  const segments = named.flatMap((one, index): readonly Segment[] => {
    if ('data' in one) return [one]
    const tell = (what: string): void => {
      problems.push([quote(one.path), what])
    }
    const spot = { account, ...splitName(one.path) }
    const verdict = mayRead(spot)
    const found = follow({ place: spot, object: containerAt(spot, store)?.objects.get(spot.object) }, reader)
    const stored = 'object' in found ? found.object : undefined
    const seen = stored && view(stored)
    if (verdict !== 'yes') tell(verdict === 401 ? '401 Unauthorized' : '403 Forbidden')
    else if (stored === undefined || seen === undefined) tell('404 Not Found')
    else if ('status' in seen) tell('409 Conflict')
    if (verdict !== 'yes' || stored === undefined || seen === undefined || 'status' in seen) return []
    const range = one.range === undefined ? undefined : parseRanges(`bytes=${one.range}`, seen.size)?.[0]
    if (one.range !== undefined && range === undefined) tell('Unsatisfiable Range')
    if (seen.size < 1 && index < named.length - 1) tell('Too small; each segment must be at least 1 byte.')
    if (one.size !== undefined && one.size !== seen.size) tell('Size Mismatch')
    if (one.etag !== undefined && one.etag !== seen.etag) tell('Etag Mismatch')
    const isPart = range !== undefined && (range.first > 0 || range.last < seen.size - 1)
    return [
      {
        name: `/${one.path.replace(/^\/+/, '')}`,
        bytes: seen.size,
        hash: seen.etag,
        content_type: stored.contentType.split(';')[0] ?? '',
        last_modified: listingTime(roundedUp(stored.timestamp)),
        ...(isPart && { range: `${range.first}-${range.last}` }),
        ...(stored.manifest && { sub_slo: true }),
      },
    ]
  })
  return { segments, problems }
}

function etagOf(segments: readonly Segment[]): string {
  const hash = createHash('md5')
  for (const segment of segments) {
    if ('data' in segment)
      hash.update(createHash('md5').update(Buffer.from(segment.data, 'base64')).digest('hex'))
    else hash.update(segment.range === undefined ? segment.hash : `${segment.hash}:${segment.range};`)
  }
  return hash.digest('hex')
}
