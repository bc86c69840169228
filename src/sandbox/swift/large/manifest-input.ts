import { withoutOuterSlashes } from '../../end-slashes.ts'
import type { Reply } from '../../reply.ts'
import { text } from '../answer.ts'
import { parseRanges } from '../object/ranges.ts'

/** A segment as a client names it. */
export type NamedSegment =
  | {
      readonly path: string
      readonly etag: string | undefined
      readonly size: number | undefined
      readonly range: string | undefined
    }
  | { readonly data: string }

/** Reads the list of segments of a PUT with `multipart-manifest=put`; tells everything that is wrong with it. */
export function parseManifest(body: string, own: string): readonly NamedSegment[] | Reply {
  let list: unknown
  try {
    list = JSON.parse(body)
  } catch {
    return text(400, 'Manifest must be valid JSON.\n')
  }
  if (!Array.isArray(list)) return text(400, 'Manifest must be a list.\n')
  const errors: string[] = []
  const segments: NamedSegment[] = []
  for (const [index, given] of list.entries()) {
    const found = parseSegment(given, own, index === list.length - 1)
    if (typeof found === 'string') errors.push(`Index ${index}: ${found}`)
    else segments.push(found)
  }
  if (segments.length > 0 && errors.length === 0 && segments.every((segment) => 'data' in segment))
    errors.push('Inline data segments require at least one object-backed segment.')
  return errors.length > 0 ? text(400, errors.map((error) => `${error}\n`).join(''), 'text/plain') : segments
}

function parseSegment(given: unknown, own: string, isLast: boolean): NamedSegment | string {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return 'not a JSON object'
  const fields = given as Readonly<Record<string, unknown>>
  const kind = 'data' in fields ? 'data' : 'path' in fields ? 'path' : undefined
  if (kind === undefined) return "expected keys to include one of 'data' or 'path'"
  const allowed = kind === 'data' ? ['data'] : ['path', 'range', 'etag', 'size_bytes']
  const more = Object.keys(fields)
    .filter((key) => !allowed.includes(key))
    .sort()
  if (more.length > 0) return `extraneous keys ${more.map((key) => JSON.stringify(key)).join(', ')}`
  return kind === 'data' ? parseData(fields.data) : parsePath(fields, own, isLast)
}

function parseData(data: unknown): NamedSegment | string {
  if (typeof data !== 'string' || !/^[\w+/-]*={0,2}$/.test(data)) return 'data must be valid base64'
  const bytes = Buffer.from(data, 'base64')
  if (bytes.length < 1) return 'too small; each segment must be at least 1 byte.'
  return { data: bytes.toString('base64') }
}

function parsePath(
  { path, etag, range, size_bytes: given }: Readonly<Record<string, unknown>>,
  own: string,
  isLast: boolean,
): NamedSegment | string {
  if (typeof path !== 'string') return '"path" must be a string'
  if (etag !== undefined && etag !== null && typeof etag !== 'string')
    return '"etag" must be a string or null (if provided)'
  if (!withoutOuterSlashes(path).includes('/'))
    return 'path does not refer to an object. Path must be of the form /container/object.'
  const size = given === undefined || given === null ? undefined : Number(given)
  if (size !== undefined && (!Number.isInteger(size) || given === '')) return 'invalid size_bytes'
  if (size !== undefined && size < 1 && !isLast) return 'too small; each segment must be at least 1 byte.'
  if (path.replace(/^\/+/, '') === own) return 'manifest must not include itself as a segment'
  if (range === undefined || range === null || range === '')
    return { path, etag: etag ?? undefined, size, range: undefined }
  const found =
    typeof range === 'string' ? parseRanges(`bytes=${range}`, size ?? Number.MAX_SAFE_INTEGER) : undefined
  if (found === undefined) return 'invalid range'
  if (String(range).includes(',')) return 'multiple ranges (only one allowed)'
  if (found.length === 0) return 'unsatisfiable range'
  return { path, etag: etag ?? undefined, size, range: String(range) }
}
