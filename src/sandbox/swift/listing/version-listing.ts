import type { Call } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { page, text } from '../answer.ts'
import { sortedNames } from '../store/store.ts'
import type { Container, StoredObject } from '../store/stored.ts'
import { compareUtf8 } from '../store/utf8-order.ts'
import { isDeleteMarker } from '../store/version-store.ts'
import type { ListingOptions } from './listing.ts'
import { listNames } from './listing.ts'
import type { Row } from './listing-format.ts'
import { acceptedType } from './listing-format.ts'

/** The rows of `?versions`: JSON alone, whatever the query says; or what is wrong with the request. */
export function versionRows(
  call: Call,
  container: Container,
  options: ListingOptions,
  rowOf: (name: string, object: StoredObject) => Row,
): readonly Row[] | Reply {
  if (acceptedType(call) === undefined || !acceptsJson(call)) return page(406)
  const mark = call.query.get('version_marker')
  if (mark !== undefined && !call.query.has('marker'))
    return text(400, 'version_marker param requires marker')
  if (mark !== undefined && !/^\d+(\.\d+)?$/.test(mark)) return text(400, 'invalid version_marker param')
  const names = [...new Set([...sortedNames(container), ...(container.versions?.keys() ?? [])])]
  const from = mark === undefined ? undefined : { name: options.marker, before: Number(mark) }
  const listed = listNames(names.sort(compareUtf8), { ...options, limit: names.length })
    .flatMap((entry) => ('name' in entry ? [entry.name] : []))
    .flatMap((name) => rowsOfName(container, name, options.reverse, undefined, rowOf))
  const rest = from ? rowsOfName(container, from.name, options.reverse, from.before, rowOf) : []
  return [...rest, ...listed].slice(0, options.limit)
}

// In the order of the listing, as Swift does it: in reverse, the first of several delete markers counts as the latest.
function rowsOfName(
  container: Container,
  name: string,
  reverse: boolean,
  before: number | undefined,
  rowOf: (name: string, object: StoredObject) => Row,
): readonly Row[] {
  const current = before === undefined ? container.objects.get(name) : undefined
  const isNull = current !== undefined && current.version === undefined
  let isKnown = isNull
  const versions = container.versions?.get(name) ?? []
  const rows = (reverse ? [...versions].reverse() : versions)
    .filter(({ id }) => before === undefined || Number(id) < before)
    .map(({ id, object }): Row => {
      const isLatest = id === current?.version || (isDeleteMarker(object) && !isKnown)
      isKnown ||= isLatest
      return { ...rowOf(name, object), is_latest: isLatest, version_id: id }
    })
  return isNull ? [{ ...rowOf(name, current), version_id: 'null', is_latest: true }, ...rows] : rows
}

function acceptsJson(call: Call): boolean {
  const accept = call.header('Accept') ?? ''
  return accept.trim() === '' || /(^|[,\s])(\*|application)\/(\*|json)\s*(;|,|$)/i.test(accept)
}
