import { createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { TransportOptions } from '../../src/http/exchange.ts'
import { createTransport } from '../../src/http/undici/undici-transport.ts'
import type { HttpRequest, HttpResponse, SendOptions } from '../../src/model/exchange.ts'

/** A request as it stood on the wire. */
export type RawRequest = {
  /** The first line. */
  readonly line: string
  /** The lines after it, in order. */
  readonly headers: readonly string[]
  readonly body: Buffer
  /** Which connection brought it, from 0. */
  readonly connection: number
  /** How many requests that connection had brought before. */
  readonly before: number
}

/** What a raw server does with a request: bytes to write, or nothing when it acts on the socket itself. */
export type RawAnswer = (request: RawRequest, socket: Socket) => string | Buffer | undefined

/** Makes any server listen on a free port of the loopback until the test ends. */
export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  }
  server.on('connection', keep)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as { readonly port: number }).port
}

/** A server that reads whole requests and answers them byte for byte as told. */
export async function startRawServer(
  answer: RawAnswer,
): Promise<{ readonly base: string; readonly port: number; readonly requests: RawRequest[] }> {
  const requests: RawRequest[] = []
  let connections = 0
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = connections++
    let before = 0
    let received: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      for (let found = takeRequest(received); found !== undefined; found = takeRequest(received)) {
        received = found.rest
        const request = { ...found.request, connection, before: before++ }
        requests.push(request)
        const bytes = answer(request, socket)
        if (bytes !== undefined) socket.write(bytes)
      }
    })
  })
  const port = await listen(server)
  return { base: `http://127.0.0.1:${port}`, port, requests }
}

function takeRequest(
  bytes: Buffer,
): { readonly request: Omit<RawRequest, 'connection' | 'before'>; readonly rest: Buffer } | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [line = '', ...headers] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const length = Number(/^content-length: *(\d+)$/im.exec(headers.join('\n'))?.[1] ?? 0)
  if (bytes.length < end + 4 + length) return undefined
  const body = bytes.subarray(end + 4, end + 4 + length)
  return { request: { line, headers, body }, rest: bytes.subarray(end + 4 + length) }
}

/** An answer with a body and its length. */
export function okay(body = '', ...headers: readonly string[]): string {
  return ['HTTP/1.1 200 OK', ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')
}

/** A sender over one transport, which is closed when the test ends. */
export function sender(
  options: Partial<TransportOptions> = {},
): (
  method: string,
  url: string,
  more?: Partial<HttpRequest>,
  how?: Partial<SendOptions>,
) => Promise<HttpResponse> {
  const transport = createTransport({ tls: { insecure: false }, ...options })
  onTestFinished(() => transport.close())
  return (method, url, more = {}, how = {}) =>
    transport.send({ method, url, headers: [], ...more }, { signal: new AbortController().signal, ...how })
}

/** The body of an answer as text. */
export function textOf(response: HttpResponse): string {
  return Buffer.from(response.body ?? []).toString()
}
