/** A header as it was sent. */
export type Header = readonly [name: string, value: string]

/** A request, as the small Keystone and the small Swift see it. */
export type Call = {
  readonly method: string
  /** As sent: percent-encoded, without the query. */
  readonly path: string
  /** Decoded; of a name given twice, the last value. */
  readonly query: ReadonlyMap<string, string>
  /** Whether every percent-escape of the query is UTF-8. */
  readonly queryIsUtf8: boolean
  readonly headers: readonly Header[]
  /** The value of a header; its name in any case. */
  header(name: string): string | undefined
  /** Content-Length; undefined when the body is chunked, or when there is neither. */
  readonly length: number | undefined
  readonly chunked: boolean
  /** To be read once. Who waits for `100 Continue` gets it at the first read. */
  readonly body: AsyncIterable<Buffer>
  /** `http://host:port`, as the client named it. */
  readonly origin: string
}

/** A request that the sandbox got. */
export type RecordedRequest = {
  readonly method: string
  /** As sent, with the query. */
  readonly path: string
  /** As sent, in order. */
  readonly headers: readonly Header[]
  /** What of the body was read. */
  readonly body: Buffer
}

/** Splits a query; escapes that are not UTF-8 become U+FFFD and are told. */
export function parseQuery(text: string): Pick<Call, 'query' | 'queryIsUtf8'> {
  const query = new Map<string, string>()
  let queryIsUtf8 = true
  const decoded = (part: string): string => {
    const spaced = part.replaceAll('+', ' ')
    const exact = decodePercent(spaced)
    queryIsUtf8 &&= exact !== undefined
    return exact ?? spaced.replace(/%[0-9a-f]{2}/gi, '\ufffd')
  }
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    query.set(decoded(at < 0 ? pair : pair.slice(0, at)), at < 0 ? '' : decoded(pair.slice(at + 1)))
  }
  return { query, queryIsUtf8 }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Decodes percent-escapes; a `%` without two hex digits stays. Undefined when the bytes are not UTF-8. */
export function decodePercent(text: string): string | undefined {
  if (!text.includes('%')) return text
  const bytes = text
    .replace(/[^\0-\x7f]+/g, encodeURIComponent)
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  try {
    return utf8.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    return undefined
  }
}

/** Encodes as Python's urllib.parse.quote does: all but letters, digits and `_.-~/`. */
export function quote(text: string): string {
  return encodeURIComponent(text)
    .replace(/%2F/g, '/')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** The text of a header, of which Node gives each byte as a character; undefined when its bytes are not UTF-8. */
export function headerText(value: string): string | undefined {
  return decodePercent(toEscapes(value, /%|[^\0-\x7f]/g))
}

/** The text of a header that is percent-encoded, or in UTF-8 as it is; undefined when its bytes are not UTF-8. */
export function headerPath(value: string): string | undefined {
  return decodePercent(toEscapes(value, /[^\0-\x7f]/g))
}

function toEscapes(bytes: string, wanted: RegExp): string {
  return bytes.replace(wanted, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** What a request that follows from another one has of its own; what is left out is as it was. */
export type Change = Partial<
  Pick<Call, 'method' | 'path' | 'query' | 'headers' | 'body' | 'length' | 'chunked'>
>

/** A request that follows from another one. */
export function changedCall(call: Call, change: Change): Call {
  const headers = change.headers ?? call.headers
  const header = (name: string): string | undefined =>
    headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1]
  return { ...call, ...change, headers, header: change.headers === undefined ? call.header : header }
}

/** The headers without some, their names in any case. */
export function withoutHeaders(headers: readonly Header[], ...names: readonly string[]): readonly Header[] {
  const gone = names.map((name) => name.toLowerCase())
  return headers.filter(([name]) => !gone.includes(name.toLowerCase()))
}

/** A switch as Swift reads it in headers and queries. */
export function isTrue(value: string | undefined): boolean {
  return /^(true|1|yes|on|t|y)$/i.test(value ?? '')
}
