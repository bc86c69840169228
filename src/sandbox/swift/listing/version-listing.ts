import type { Call } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { page, text } from '../answer.ts'
import { sortedNames } from '../store/store.ts'
import type { Container, StoredObject } from '../store/stored.ts'
import { compareUtf8 } from '../store/utf8-order.ts'
import { isDeleteMarker } from '../store/version-store.ts'
import type { Entry, ListingOptions } from './listing.ts'
import { listNames } from './listing.ts'
import type { Row } from './listing-format.ts'
import { acceptedType, listingType } from './listing-format.ts'

type RowOf = (name: string, object: StoredObject) => Row

/** The rows of `?versions`, which are JSON alone; or what is wrong with the request. */
export function versionRows(
  call: Call,
  container: Container,
  options: ListingOptions,
  rowOf: RowOf,
): readonly Row[] | Reply {
  const refused = refuseListing(call, options)
  if (refused) return refused
  // As Swift does it: two listings, that of the names and that of the versions, become one.
  const current = listNames(sortedNames(container), options)
  const kept = listVersions(call, container, options)
  const rows = [
    ...nullRows(container, current, rowOf),
    ...rowsOf(container, current, kept, rowOf),
    ...subdirRows([...current, ...kept]),
  ]
  const [before, after] = options.reverse ? [1, -1] : [-1, 1]
  const keyOf = ({ name, subdir }: Row): string => String(name ?? subdir)
  return rows
    .map((row, index) => ({ row, index, key: keyOf(row) }))
    .sort((left, right) => {
      const order = compareUtf8(left.key, right.key)
      return order === 0 ? left.index - right.index : order < 0 ? before : after
    })
    .slice(0, options.limit)
    .map(({ row }) => row)
}

function refuseListing(call: Call, { delimiter }: ListingOptions): Reply | undefined {
  const isJson = call.query.has('format') ? listingType(call) === 'application/json' : acceptsJson(call)
  if (acceptedType(call) === undefined || !isJson) return page(406)
  const mark = call.query.get('version_marker')
  if (mark !== undefined && !call.query.has('marker'))
    return text(400, 'version_marker param requires marker')
  if (mark !== undefined && !/^\d+(\.\d+)?$/.test(mark)) return text(400, 'invalid version_marker param')
  // What ids are made of cannot part names.
  return /[0-9.\0]/.test(delimiter) ? text(400, 'invalid delimiter param') : undefined
}

/** A version in a listing. */
type Kept = { readonly name: string; readonly id: string; readonly object: StoredObject }

function listVersions(
  call: Call,
  container: Container,
  options: ListingOptions,
): readonly (Kept | { readonly subdir: string })[] {
  const { prefix, delimiter, reverse, limit, marker } = options
  const mark = call.query.get('version_marker')
  const isWithin = ({ name, id }: Kept): boolean => {
    if (marker === '') return true
    const order = compareUtf8(name, marker)
    if (order !== 0) return reverse ? order < 0 : order > 0
    if (mark === undefined) return reverse
    return reverse ? Number(id) > Number(mark) : Number(id) < Number(mark)
  }
  const names = [...(container.versions ?? [])]
    .filter(([name]) => name.startsWith(prefix))
    .sort(([left], [right]) => compareUtf8(left, right))
  const all = names.flatMap(([name, versions]) =>
    versions.map(({ id, object }): Kept => ({ name, id, object })),
  )
  const entries: (Kept | { readonly subdir: string })[] = []
  const seen = new Set<string>()
  for (const one of (reverse ? all.reverse() : all).filter(isWithin)) {
    const at = delimiter === '' ? -1 : one.name.indexOf(delimiter, prefix.length)
    const subdir = one.name.slice(0, at + delimiter.length)
    if (at < 0) entries.push(one)
    else if (!seen.has(subdir)) entries.push({ subdir })
    if (at >= 0) seen.add(subdir)
    if (entries.length >= limit) break
  }
  return entries
}

// Objects that are no versions, from before there were any or from when they were switched off.
function nullRows(container: Container, current: readonly Entry[], rowOf: RowOf): readonly Row[] {
  return current.flatMap((entry): readonly Row[] => {
    const object = 'name' in entry ? container.objects.get(entry.name) : undefined
    if (!('name' in entry) || object === undefined || object.version !== undefined) return []
    return [{ ...rowOf(entry.name, object), version_id: 'null', is_latest: true }]
  })
}

// In the order of the listing: in reverse, the first of several delete markers counts as the latest.
function rowsOf(
  container: Container,
  current: readonly Entry[],
  kept: ReturnType<typeof listVersions>,
  rowOf: RowOf,
): readonly Row[] {
  const listed = current.flatMap((entry) => ('name' in entry ? [entry.name] : []))
  const newest = new Map(listed.map((name) => [name, container.objects.get(name)?.version]))
  const hasLatest = new Set(listed.filter((name) => newest.get(name) === undefined))
  return kept.flatMap((one): readonly Row[] => {
    if ('subdir' in one) return []
    const { name, id, object } = one
    const isLatest = newest.get(name) === id || (isDeleteMarker(object) && !hasLatest.has(name))
    if (isLatest) hasLatest.add(name)
    return [{ ...rowOf(name, object), is_latest: isLatest, version_id: id }]
  })
}

function subdirRows(entries: readonly object[]): readonly Row[] {
  const subdirs = entries.flatMap((entry) => ('subdir' in entry ? [String(entry.subdir)] : []))
  return [...new Set(subdirs)].map((subdir) => ({ subdir }))
}

function acceptsJson(call: Call): boolean {
  const accept = call.header('Accept') ?? ''
  return accept.trim() === '' || /(^|[,\s])(\*|application)\/(\*|json)\s*(;|,|$)/i.test(accept)
}
