import { createHash } from 'node:crypto'
import type { Call } from '../../call.ts'
import { quote } from '../../call.ts'
import { toPythonJson } from '../../python-json.ts'
import type { Reply } from '../../reply.ts'
import { empty, page, text } from '../answer.ts'
import type { Doomed } from '../bulk/bulk-delete.ts'
import { deleteAll, refuseAll, reportText } from '../bulk/bulk-delete.ts'
import { acceptedType } from '../listing/listing-format.ts'
import { objectMetadata, refuseMetadata } from '../metadata.ts'
import { guessType, storedType } from '../object/content-type.ts'
import { expiryOf, withExpiry } from '../object/expiry.ts'
import { parseRanges } from '../object/ranges.ts'
import { putObject } from '../store/store.ts'
import type { Account, Segment, Store } from '../store/stored.ts'
import { httpDate, listingTime, roundedUp } from '../times.ts'
import { versionHeader } from '../versions/version-request.ts'
import type { MayRead } from './large-object.ts'
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

type Spot = { readonly container: string; readonly object: string }

/** PUT with `multipart-manifest=put`: https://docs.openstack.org/swift/latest/overview_large_objects.html#static-large-objects */
export async function putManifest(
  call: Call,
  account: Account,
  spot: Spot,
  store: Store,
  mayRead: MayRead,
): Promise<Reply> {
  const named = await readManifest(call, spot)
  if ('status' in named) return named
  const { segments, problems } = lookUp(named, account, mayRead)
  if (problems.length > 0) {
    const type = acceptedType(call) ?? 'text/plain'
    return text(400, reportText(type, 'upload', {}, problems), type)
  }
  const etag = etagOf(segments)
  const wanted = call
    .header('ETag')
    ?.trim()
    .replace(/^"(.*)"$/, '$1')
  if (wanted !== undefined && wanted !== '' && wanted !== etag) return page(422)
  const refused = refuseMetadata(call, 'object')
  if (refused) return refused
  const expiry = expiryOf(call, store.now())
  if (typeof expiry === 'object') return expiry
  const bytes = Buffer.from(toPythonJson(segments))
  const body = await store.bodies.write([bytes])
  if (body === 'full') return page(507)
  const container = account.containers.get(spot.container)
  if (container === undefined) {
    store.bodies.free(body)
    return page(404)
  }
  const given = call.header('Content-Type')
  const now = store.now()
  const object = {
    ...body,
    contentType: given === undefined || given === '' ? guessType(spot.object) : storedType(given),
    metadata: withExpiry(objectMetadata(call), expiry),
    timestamp: now,
    manifest: { segments, etag, total: segments.reduce((sum, segment) => sum + segmentLength(segment), 0) },
  }
  const version = putObject(container, spot.object, object, store)
  return empty(201, [
    ['Etag', `"${etag}"`],
    ['Last-Modified', httpDate(roundedUp(now))],
    ...versionHeader(version),
  ])
}

/** How many segments may wait to be deleted, those of segments too: slo.py, MAX_BUFFERED_SLO_SEGMENTS. */
const mostWaiting = 10_000

/** DELETE with `multipart-manifest=delete`: the segments, those of segments that are manifests too, and the manifest. */
export async function deleteManifest(
  call: Call,
  account: Account,
  { container, object }: Spot,
  remove: (name: string) => Promise<number>,
): Promise<Reply> {
  const doomed: Doomed[] = []
  const queue: { readonly name: string; readonly isManifest: boolean; readonly error?: Doomed['error'] }[] = [
    { name: `/${container}/${object}`, isManifest: true },
  ]
  for (let next = queue.shift(); next !== undefined && doomed.length < 10_000; next = queue.shift()) {
    if (queue.length >= mostWaiting) return refuseAll(call, 'Too many buffered slo segments to delete.')
    const { name, isManifest, error } = next
    if (!isManifest) {
      doomed.push({ name, ...(error && { error }) })
      continue
    }
    const spot = splitName(name)
    const stored = account.containers.get(spot.container)?.objects.get(spot.object)
    for (const segment of stored?.manifest?.segments ?? [])
      if (!('data' in segment)) queue.push({ name: segment.name, isManifest: segment.sub_slo === true })
    const fault =
      stored === undefined
        ? { status: 404, message: 'SLO manifest not found' }
        : stored.manifest === undefined
          ? { status: 400, message: 'Not an SLO manifest' }
          : undefined
    queue.push({ name, isManifest: false, ...(fault && { error: fault }) })
  }
  return deleteAll(call, doomed, remove)
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
  { container, object }: Spot,
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

function lookUp(
  named: readonly NamedSegment[],
  account: Account,
  mayRead: MayRead,
): { readonly segments: readonly Segment[]; readonly problems: readonly (readonly [string, string])[] } {
  const problems: (readonly [string, string])[] = []
  const view = segmentViewer(account, mayRead)
  const segments = named.flatMap((one, index): readonly Segment[] => {
    if ('data' in one) return [one]
    const tell = (what: string): void => {
      problems.push([quote(one.path), what])
    }
    const { container, object } = splitName(one.path)
    const verdict = mayRead(container, object)
    const stored = account.containers.get(container)?.objects.get(object)
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
