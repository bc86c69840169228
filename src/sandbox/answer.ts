/** What the sandbox answers: header names in the case of the real servers. */
export type Answer = {
  readonly status: number
  /** Where the real server says it otherwise than Node. */
  readonly reason?: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Buffer
  /** Content-Length of a HEAD's answer. */
  readonly length?: number
  /** Swift's refused HEAD of an object: a chunked body although there must be none. */
  readonly chunkedEmpty?: boolean
}

/** A request as handlers see it. */
export type Asked = {
  readonly method: string
  /** As sent, percent-encoded. */
  readonly path: string
  readonly query: URLSearchParams
  /** The first value of a header; its name in any case. */
  header(name: string): string | undefined
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  /** `http://host`, as the client named it. */
  readonly origin: string
}

/** Shows what the sandbox does not know, instead of making something up. */
export function notImplemented(what: string): Answer {
  return json(
    501,
    { error: { code: 501, title: 'Not Implemented', message: `The sandbox does not know ${what}.` } },
    [],
    'NOT IMPLEMENTED',
  )
}

/** A JSON answer. */
export function json(
  status: number,
  value: unknown,
  headers: Answer['headers'] = [],
  reason?: string,
): Answer {
  return {
    status,
    ...(reason !== undefined && { reason }),
    headers: [['Content-Type', 'application/json'], ...headers],
    body: JSON.stringify(value),
  }
}
