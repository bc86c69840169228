import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/**
 * Takes what Keystone's and Swift's servers take and Node's parser does not: headers that end in two carriage returns, as
 * `curl … | grep X-Subject-Token | cut -d' ' -f2` leaves one at a token's end, and a path in UTF-8 that is not encoded. Bytes
 * behind a request that says nothing of a body do not spoil its answer. A method that nobody knows is 405.
 */
export function takeOddRequests(server: Server): Server {
  const again = new WeakSet<Duplex>()
  const pending = new WeakMap<Duplex, ServerResponse>()
  server.prependListener('request', (request, response) => {
    pending.set(request.socket, response)
    // A connection is read so once: the next request comes on another one.
    if (again.has(request.socket)) response.shouldKeepAlive = false
  })
  return server.on(
    'clientError',
    (error: NodeJS.ErrnoException & { readonly rawPacket?: Buffer }, socket: Socket) => {
      if (!socket.writable) return void socket.destroy()
      const response = pending.get(socket)
      if (response && !response.writableEnded) return void endAfter(response, socket)
      if (
        error.code === 'HPE_INVALID_METHOD' &&
        /^[\w-]{1,40} \//.test(error.rawPacket?.toString('latin1') ?? '')
      )
        return void socket.end(unknownMethod, () => socket.destroy())
      const mended = mendedPacket(error.rawPacket)
      if (mended === undefined) return void socket.end(badRequest, () => socket.destroy())
      // The parser that gave up must get nothing more: a new one reads the request again, and what follows.
      socket.removeAllListeners('data')
      const connection = Duplex.from({ readable: startingWith(mended, socket), writable: socket })
      again.add(connection)
      // On a server of TLS a connection is one that is to be decrypted yet.
      const encrypted = 'encrypted' in socket
      server.emit(encrypted ? 'secureConnection' : 'connection', Object.assign(connection, { encrypted }))
    },
  )
}

const badRequest = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'
const unknownMethod = badRequest.replace('400 Bad Request', '405 Method Not Allowed')

// The parser reports each packet that follows; once is enough.
function endAfter(response: ServerResponse, socket: Socket): void {
  response.shouldKeepAlive = false
  socket.removeAllListeners('data').resume()
  response.once('finish', () => socket.end(() => socket.destroy()))
  // Who waits for the rest of a body that makes no sense waits in vain.
  if (!response.req.complete)
    setTimeout(() => response.headersSent || socket.end(badRequest, () => socket.destroy()), 100).unref()
}

function mendedPacket(packet: Buffer | undefined): Buffer | undefined {
  const text = packet?.toString('latin1') ?? ''
  const end = text.indexOf('\r\n\r\n')
  const head = end < 0 ? text : text.slice(0, end + 2)
  const mended = withEncodedTarget(head).replaceAll(/\r{2,}\n/g, '\r\n')
  return mended === head ? undefined : Buffer.from(mended + text.slice(head.length), 'latin1')
}

function withEncodedTarget(head: string): string {
  const line = head.slice(0, head.indexOf('\r\n') + 1)
  return encodeBytes(line) + head.slice(line.length)
}

/** Percent-encodes the bytes of a target that are no ASCII; an older parser of Node gives each as a character. */
export function encodeBytes(target: string): string {
  return target.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)
}

async function* startingWith(first: Buffer, socket: Socket): AsyncGenerator<Buffer> {
  yield first
  yield* socket
}
