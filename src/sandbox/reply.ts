import type { ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import { finished } from 'node:stream/promises'
import type { Header } from './call.ts'

/** What the sandbox answers; header names in the case of the real servers. */
export type Reply = {
  readonly status: number
  /** Where the real server words it otherwise than Node. */
  readonly reason?: string
  readonly headers: readonly Header[]
  /** Without one there is no Content-Length either. */
  readonly body?: string | readonly Buffer[]
  /** Content-Length, where it is not that of the body: a HEAD. */
  readonly length?: number
  /** The body is sent in chunks, without a Content-Length. */
  readonly chunked?: boolean
  /** Instead of Content-Length: an empty chunked body, sent even to a HEAD. */
  readonly emptyChunked?: boolean
}

/** Sends a reply; ends when it is handed to the connection or the client has gone. */
export async function sendReply(response: ServerResponse, reply: Reply, method: string): Promise<void> {
  const body = typeof reply.body === 'string' ? [Buffer.from(reply.body)] : (reply.body ?? [])
  const length = reply.length ?? body.reduce((sum, part) => sum + part.length, 0)
  const headers = [...reply.headers.flat()]
  if (reply.emptyChunked || reply.chunked) headers.push('Transfer-Encoding', 'chunked')
  else if (reply.body !== undefined) headers.push('Content-Length', String(length))
  response.writeHead(reply.status, reply.reason ?? STATUS_CODES[reply.status] ?? '', headers)
  if (method === 'HEAD' && reply.emptyChunked) {
    // Node never gives a HEAD a body; Swift 2.30 does, and clients must survive it.
    response.flushHeaders()
    response.socket?.write('0\r\n\r\n')
  }
  if (method !== 'HEAD') {
    for (const part of body.slice(0, -1)) {
      if (response.destroyed) return
      if (!response.write(part)) await drained(response)
    }
  }
  const last = body.at(-1)
  if (method === 'HEAD' || last === undefined || last.length === 0) response.end()
  else response.end(last)
}

async function drained(response: ServerResponse): Promise<void> {
  const gone = finished(response).catch(() => undefined)
  await Promise.race([new Promise((resolve) => response.once('drain', resolve)), gone])
}
