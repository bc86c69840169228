import type { Answer, Asked } from './answer.ts'
import { swiftText } from './swift-errors.ts'

/** One line of a listing: an object or container, or a pseudo-folder. */
export type Row = {
  readonly name: string
  readonly json: Readonly<Record<string, unknown>>
  readonly xml: string
}

/** A listing by Swift's parameters. https://docs.openstack.org/api-ref/object-store/#show-container-details-and-list-objects */
export function listing(
  asked: Asked,
  rows: readonly Row[],
  root: string,
  headers: Answer['headers'],
): Answer {
  const { query } = asked
  const limitText = query.get('limit')
  const limit = limitText === null || !/^\d+$/.test(limitText) ? 10_000 : Number(limitText)
  if (limit > 10_000) return swiftText(412, 'Maximum limit is 10000')
  const selected = select(rows, query, limit)
  const format = formatOf(asked)
  if (format === 'json')
    return withType('application/json; charset=utf-8', spaced(selected.map(({ json }) => json)), headers)
  if (format === 'xml') {
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n${root}${selected.map(({ xml }) => xml).join('')}${root.replace(/^<(\w+).*$/, '</$1>')}`
    return withType('application/xml; charset=utf-8', body, headers)
  }
  const vary: Answer['headers'] = query.has('format') ? [] : [['Vary', 'Accept']]
  const text = selected.map(({ name }) => `${name}\n`).join('')
  return {
    status: text === '' ? 204 : 200,
    headers: [['Content-Type', 'text/plain; charset=utf-8'], ...headers, ...vary],
    body: text,
  }
}

function formatOf({ query, header }: Asked): 'json' | 'xml' | 'plain' {
  const wanted = query.get('format')
  if (wanted === 'json' || wanted === 'xml') return wanted
  if (wanted !== null) return 'plain'
  const accept = header('Accept') ?? ''
  if (/application\/json/.test(accept)) return 'json'
  return /(application|text)\/xml/.test(accept) ? 'xml' : 'plain'
}

function select(rows: readonly Row[], query: URLSearchParams, limit: number): readonly Row[] {
  const reverse = /^(true|1|yes|on|t|y)$/i.test(query.get('reverse') ?? '')
  const path = query.get('path')
  const prefix =
    path === null ? (query.get('prefix') ?? '') : path === '' ? '' : `${path.replace(/\/$/, '')}/`
  const delimiter = path === null ? (query.get('delimiter') ?? '') : '/'
  const [marker, endMarker] = [query.get('marker') ?? '', query.get('end_marker') ?? '']
  const sorted = [...rows].sort((a, b) => byBytes(a.name, b.name))
  if (reverse) sorted.reverse()
  const isAfter = (name: string, mark: string): boolean =>
    reverse ? byBytes(name, mark) < 0 : byBytes(name, mark) > 0
  const selected: Row[] = []
  const folders = new Set<string>()
  for (const row of sorted) {
    if (selected.length >= limit) break
    if (!row.name.startsWith(prefix)) continue
    if (endMarker !== '' && !isAfter(endMarker, row.name)) continue
    const cut = delimiter === '' ? -1 : row.name.indexOf(delimiter, prefix.length)
    if (cut < 0) {
      if (marker === '' || isAfter(row.name, marker)) selected.push(row)
      continue
    }
    const folder = row.name.slice(0, cut + delimiter.length)
    if (path !== null || folders.has(folder) || (marker !== '' && !isAfter(folder, marker))) continue
    folders.add(folder)
    selected.push({
      name: folder,
      json: { subdir: folder },
      xml: `<subdir name="${escapeXml(folder)}"><name>${escapeXml(folder)}</name></subdir>`,
    })
  }
  return selected
}

// Names sort by the bytes of their UTF-8.
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function withType(type: string, body: string, headers: Answer['headers']): Answer {
  return { status: 200, headers: [['Content-Type', type], ...headers], body }
}

// As Python writes JSON: a space after each colon and comma.
function spaced(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const objects = rows.map(
    (row) =>
      `{${Object.entries(row)
        .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
        .join(', ')}}`,
  )
  return `[${objects.join(', ')}]`
}

/** Text for XML. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** `2026-11-23T17:39:35.136750`, as listings write times. */
export function listingTime(time: number): string {
  return new Date(time).toISOString().replace(/(\.\d{3})Z$/, '$1000')
}
