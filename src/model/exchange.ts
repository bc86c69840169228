/** Header lines in the order and the case in which they stand on the wire. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** Methods that are words of HTTP, of WebDAV and of Swift; any other is a word of whoever uses it. */
export const httpMethods: readonly string[] =
  'GET HEAD PUT POST DELETE PATCH OPTIONS COPY CONNECT TRACE REPORT PROPFIND MKCOL MOVE'.split(' ')

/** A request's body. JSON and forms arrive here already as text; files are streamed. */
export type RequestBody =
  | { readonly kind: 'text'; readonly text: string; readonly json?: unknown }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'multipart'; readonly parts: readonly FormPart[] }

/** One part of a multipart form. A file goes by its own name and by the type of its ending unless told otherwise. */
export type FormPart =
  | { readonly name: string; readonly text: string; readonly type?: string }
  | { readonly name: string; readonly file: string; readonly type?: string; readonly filename?: string }

/** A request, ready to be sent. */
export type HttpRequest = {
  readonly method: string
  /** Absolute; its path goes out exactly as written here. */
  readonly url: string
  readonly headers: HeaderList
  readonly body?: RequestBody
  /** Where the body of a 2xx answer is written, streamed, while it is hashed; any other stays in memory. */
  readonly saveTo?: string
  /**
   * Of a request that osrun itself writes, such as a login: the places of its secrets. All else in it is osrun's own words and
   * public settings, which are shown as they are even where a secret is the same word.
   */
  readonly secretPlaces?: SecretPlaces
}

/** Where alone a request has secrets. */
export type SecretPlaces = {
  /** The end of the URL, which is osrun's own; what comes before it may be a server's. */
  readonly path: string
  /** Headers by their names. */
  readonly headers: readonly string[]
  /** Texts of the JSON body by their JSON pointers. https://www.rfc-editor.org/rfc/rfc6901 */
  readonly json: readonly string[]
}

/** A stretch of a text. */
export type Span = { readonly start: number; readonly end: number }

/** What a body was, whether or not it is still in memory. */
export type BodyFacts = {
  /** Bytes as they came, before any decoding. */
  readonly size: number
  /** Lower-case hex. */
  readonly md5: string
  readonly sha256: string
}

/** The certificate that a server showed. Times are ISO 8601 in UTC, whole seconds; names as `C=FR, O=Example, CN=host`. */
export type ServerCertificate = {
  readonly subject: string
  readonly issuer: string
  readonly validFrom: string
  readonly validTo: string
}

/** An answer. A body that was saved, or is larger than the transport keeps, has facts but no bytes. */
export type HttpResponse = BodyFacts & {
  readonly status: number
  /** The words after the status, as they came; empty when there were none, undefined when they are not known. */
  readonly reason?: string
  readonly headers: HeaderList
  readonly body: Uint8Array | undefined
  /** Milliseconds from sending the request to the end of the body. */
  readonly duration: number
  /** The hash and size of the file that was sent, when the request had one. */
  readonly sent?: BodyFacts
  /** The bytes of the multipart body that was sent, boundaries and all, when the request had one. */
  readonly sentSize?: number
  /** How many pages were put together for it; undefined for an answer as it came. */
  readonly pages?: number
  /** The certificate of the server's newest connection; of https alone. */
  readonly certificate?: ServerCertificate
}

/** How a transport may send one request. */
export type SendOptions = {
  readonly signal: AbortSignal
  /** Milliseconds for the whole exchange; the transport's own when absent, and else as long as it goes on. */
  readonly timeout?: number
  /** Told when the head of the answer is there, also when its body never comes. */
  readonly onHead?: ((status: number, headers: HeaderList) => void) | undefined
}

/** Sends requests; undici in production, anything in tests. It never follows redirects. */
export interface Transport {
  send(request: HttpRequest, options: SendOptions): Promise<HttpResponse>
  /** Closes its connections. */
  close(): Promise<void>
}

/** How a transport verifies servers and shows itself to them. */
export type TlsOptions = {
  /** Path of a PEM file that replaces the system's authorities. */
  readonly cacert?: string
  /** Paths of the client certificate and its key; the certificate's file may hold both. */
  readonly cert?: string
  readonly key?: string
  /** Verify nothing. */
  readonly insecure: boolean
}

/** Milliseconds that a request for a token may take unless it is said otherwise. */
export const loginTimeout = 60_000

/** Bytes of an answer's body that are kept for steps to read; of a longer one size and hashes remain. */
export const mostKept = 64 * 1024 * 1024

/** The first value of a header, its name in any case. */
export function headerOf(headers: HeaderList, name: string): string | undefined {
  const wanted = name.toLowerCase()
  for (const [key, value] of headers)
    if (key.length === wanted.length && key.toLowerCase() === wanted) return value
  return undefined
}
