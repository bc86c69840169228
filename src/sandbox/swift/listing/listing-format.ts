import type { Call, Header } from '../../call.ts'
import { toPythonJson } from '../../python-json.ts'
import type { Reply } from '../../reply.ts'
import { empty, page } from '../answer.ts'

/** A row of a listing: the fields of its JSON and XML. */
export type Row = { readonly [field: string]: string | number | boolean }

const types = ['text/plain', 'application/json', 'application/xml', 'text/xml'] as const
type Type = (typeof types)[number]

/** Answers a listing in the format that the query or else Accept asks for. */
export function listingReply(
  call: Call,
  root: { readonly element: string; readonly item: string; readonly name: string },
  rows: readonly Row[],
  headers: readonly Header[],
): Reply {
  const type = listingType(call)
  if (type === undefined) return page(406)
  const all: readonly Header[] = [['Content-Type', `${type}; charset=utf-8`], ...headers, ...vary(call)]
  if (type === 'application/json') return { status: 200, headers: all, body: toPythonJson(rows) }
  if (type !== 'text/plain') return { status: 200, headers: all, body: xml(root, rows) }
  if (rows.length === 0) return { status: 204, headers: all, body: '' }
  return { status: 200, headers: all, body: rows.map((row) => `${row.name ?? row.subdir}\n`).join('') }
}

/** Answers a HEAD of what can be listed. */
export function listingHead(call: Call, headers: readonly Header[]): Reply {
  const type = listingType(call)
  if (type === undefined) return page(406)
  return empty(204, [...headers, ...vary(call)], `${type}; charset=utf-8`)
}

// The query wins over Accept, and then the answer does not vary.
function vary({ query }: Call): readonly Header[] {
  return query.has('format') ? [] : [['Vary', 'Accept']]
}

/** The format that the query or else Accept asks for; undefined for one that there is not. */
export function listingType(call: Call): Type | undefined {
  const format = call.query.get('format')
  if (format !== undefined)
    return format === 'json' ? 'application/json' : format === 'xml' ? 'application/xml' : 'text/plain'
  return acceptedType(call)
}

/** The first of text, JSON and XML that Accept wants most; undefined for none. */
export function acceptedType(call: Call): Type | undefined {
  const wishes = (call.header('Accept') ?? '').split(',').map((wish) => {
    const [range = '', ...parameters] = wish.split(';').map((part) => part.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    return { range, quality: quality === undefined ? 1 : Number(quality) || 0 }
  })
  if (wishes.every(({ range }) => range === '')) return 'text/plain'
  const best = wishes.filter(({ quality }) => quality > 0).sort((left, right) => right.quality - left.quality)
  for (const { range } of best) {
    const found = types.find(
      (type) => range === '*/*' || range === type || range === `${type.split('/')[0]}/*`,
    )
    if (found) return found
  }
  return undefined
}

function xml({ element, item, name }: Parameters<typeof listingReply>[1], rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    typeof row.subdir === 'string'
      ? `<subdir name="${escaped(row.subdir)}"><name>${escaped(row.subdir)}</name></subdir>`
      : `<${item}>${xmlFields
          .filter((field) => field in row)
          .map((field) => `<${field}>${escaped(String(row[field]))}</${field}>`)
          .join('')}</${item}>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${element} name="${escaped(name)}">${lines.join('')}</${element}>`
}

const xmlFields = ['name', 'hash', 'count', 'bytes', 'content_type', 'last_modified']

function escaped(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
