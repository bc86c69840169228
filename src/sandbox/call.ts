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
