import type { ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { Header } from './call.ts'
import type { Piece } from './piece.ts'
import { readPieces, slice } from './piece.ts'

/** What the sandbox answers; header names in the case of the real servers. */
export type Reply = {
  readonly status: number
  /** Where the real server words it otherwise than Node. */
  readonly reason?: string
  readonly headers: readonly Header[]
  /** Without one there is no Content-Length either. */
  readonly body?: string | readonly Piece[]
  /** Content-Length, where it is not that of the body: a HEAD. */
  readonly length?: number
  /** The body is sent in chunks, without a Content-Length. */
  readonly chunked?: boolean
  /** Instead of Content-Length: an empty chunked body, sent even to a HEAD. */
  readonly emptyChunked?: boolean
  /** Milliseconds to wait before it is sent. */
  readonly delay?: number
  /** The names of all headers are sent in lower case. */
  readonly lowerCase?: boolean
  /** How its body comes, where it does not come as it should. */
  readonly delivery?: Delivery
}

/** A body in two halves with milliseconds between them, one that breaks off, or one without end. */
export type Delivery =
  | { readonly kind: 'slow'; readonly pause: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'endless' }

/** Sends a reply; ends when it is handed to the connection or the client has gone. What cannot be read breaks the connection. */
export async function sendReply(response: ServerResponse, reply: Reply, method: string): Promise<void> {
  const body: readonly Piece[] =
    typeof reply.body === 'string' ? [Buffer.from(reply.body)] : (reply.body ?? [])
  const length = reply.length ?? body.reduce((sum, part) => sum + part.length, 0)
  const headers = [...reply.headers.flat()]
  if (reply.delay !== undefined) await pause(reply.delay, response)
  if (response.destroyed) return
  const isEndless = reply.delivery?.kind === 'endless'
  if (reply.emptyChunked || reply.chunked || isEndless) headers.push('Transfer-Encoding', 'chunked')
  else if (reply.body !== undefined) headers.push('Content-Length', String(length))
  // Neither real server says that a connection stays, unless it is asked to.
  if (response.shouldKeepAlive && !/keep-alive/i.test(response.req.headers.connection ?? ''))
    response.removeHeader('Connection')
  const names = reply.lowerCase ? headers.map((one, at) => (at % 2 === 0 ? one.toLowerCase() : one)) : headers
  response.writeHead(reply.status, reply.reason ?? STATUS_CODES[reply.status] ?? '', names)
  if (method === 'HEAD' && reply.emptyChunked) {
    // Node never gives a HEAD a body; Swift 2.30 does, and clients must survive it.
    response.flushHeaders()
    response.socket?.write('0\r\n\r\n')
  }
  if (method === 'HEAD') return void response.end()
  try {
    if (reply.delivery) await deliver(response, body, length, reply.delivery)
    else await sendWhole(response, body)
  } catch {
    // The head is gone already: nothing else tells the client.
    response.destroy()
  }
}

// The last chunk goes with the end, so that a small answer is one packet.
async function sendWhole(response: ServerResponse, body: readonly Piece[]): Promise<void> {
  const [only] = body
  if (body.length === 1 && Buffer.isBuffer(only) && only.length > 0) return void response.end(only)
  let last: Buffer = Buffer.alloc(0)
  for await (const chunk of readPieces(body)) {
    if (response.destroyed) return
    if (last.length > 0 && !response.write(last)) await drained(response)
    last = chunk
  }
  if (last.length > 0) response.end(last)
  else response.end()
}

async function deliver(
  response: ServerResponse,
  body: readonly Piece[],
  length: number,
  delivery: Delivery,
): Promise<void> {
  const half = delivery.kind === 'endless' ? length : Math.floor(length / 2)
  response.flushHeaders()
  for await (const chunk of readPieces(slice(body, { first: 0, last: half - 1 })))
    await new Promise((resolve) => response.write(chunk, resolve))
  switch (delivery.kind) {
    case 'slow':
      await pause(delivery.pause, response)
      await sendWhole(response, slice(body, { first: half, last: length - 1 }))
      return
    case 'cut':
      response.destroy()
      return
    default:
      while (!response.destroyed) {
        if (!response.write(Buffer.alloc(1024, ' '))) await drained(response)
        await pause(20, response)
      }
  }
}

// Ends early when the client goes.
async function pause(milliseconds: number, response: ServerResponse): Promise<void> {
  if (response.destroyed) return
  const gone = new AbortController()
  const leave = (): void => gone.abort()
  response.once('close', leave)
  await setTimeout(milliseconds, undefined, { signal: gone.signal }).catch(() => undefined)
  response.off('close', leave)
}

// Ends early when the client goes.
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve()
    const done = (): void => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}
