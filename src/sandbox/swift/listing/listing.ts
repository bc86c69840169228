import { type Call, isTrue } from '../../call.ts'
import { withoutEndSlashes } from '../../end-slashes.ts'
import type { Reply } from '../../reply.ts'
import { text } from '../answer.ts'
import { compareUtf8 } from '../store/utf8-order.ts'

/** What a listing asks for. */
export type ListingOptions = {
  readonly limit: number
  readonly marker: string
  readonly endMarker: string
  readonly prefix: string
  readonly delimiter: string
  readonly reverse: boolean
  /** The old way to list one level: no subdirectories. */
  readonly path: string | undefined
}

/** A name, or what names have in common up to the delimiter. */
export type Entry = { readonly name: string } | { readonly subdir: string }

const largest = 10_000

/** A listing of everything, as far as one page goes. */
export const wholeListing: ListingOptions = {
  limit: largest,
  marker: '',
  endMarker: '',
  prefix: '',
  delimiter: '',
  reverse: false,
  path: undefined,
}

/** Reads the query of a listing. */
export function listingOptions({ query, queryIsUtf8 }: Call): ListingOptions | Reply {
  if (!queryIsUtf8) return text(400, 'parameters not utf8', 'text/plain')
  const asked = query.get('limit') ?? ''
  const limit = /^\d+$/.test(asked) ? Number(asked) : largest
  if (limit > largest) return text(412, `Maximum limit is ${largest}`)
  const path = query.get('path')
  const below = path === undefined || path === '' ? '' : `${withoutEndSlashes(path)}/`
  return {
    limit,
    marker: query.get('marker') ?? '',
    endMarker: query.get('end_marker') ?? '',
    prefix: path === undefined ? (query.get('prefix') ?? '') : below,
    delimiter: path === undefined ? (query.get('delimiter') ?? '') : '/',
    reverse: isTrue(query.get('reverse')),
    path,
  }
}

/** The entries of a page, of names in the order of their UTF-8 bytes. */
export function listNames(sorted: readonly string[], options: ListingOptions): readonly Entry[] {
  const { limit, prefix, delimiter, reverse } = options
  // A marker is where the page before ended: to the right of it going up, to the left going down.
  const [low, high] = reverse ? [options.endMarker, options.marker] : [options.marker, options.endMarker]
  const within = (name: string): boolean =>
    (low === '' || compareUtf8(name, low) > 0) && (high === '' || compareUtf8(name, high) < 0)
  const from = firstAtLeast(sorted, compareUtf8(low, prefix) > 0 ? low : prefix)
  const entries: Entry[] = []
  let last = ''
  const length = sorted.length
  for (let step = 0; step < length && entries.length < limit; step++) {
    const index = reverse ? length - 1 - step : from + step
    const name = sorted[index]
    if (name === undefined || index < 0) break
    if (!name.startsWith(prefix)) {
      if (!reverse && prefix !== '' && compareUtf8(name, prefix) > 0) break
      continue
    }
    const at = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length)
    if (!within(name)) continue
    // By the old way a name that ends with the slash is listed itself, as a place for what is below it.
    const isPlace = options.path !== undefined && at + 1 === name.length && name !== prefix
    if (at < 0 || isPlace) {
      if (name !== prefix || options.path === undefined) entries.push({ name })
      continue
    }
    const subdir = name.slice(0, at + delimiter.length)
    if (subdir === last || options.path !== undefined) continue
    last = subdir
    // A page that ended with this subdirectory is followed by what comes behind all of it.
    if (subdir !== options.marker) entries.push({ subdir })
  }
  return entries
}

function firstAtLeast(sorted: readonly string[], name: string): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareUtf8(sorted[middle] ?? '', name) < 0) low = middle + 1
    else high = middle
  }
  return low
}
