import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/**
 * Takes headers that end in two carriage returns, as Keystone's and Swift's servers do and Node's parser does not:
 * `curl … | grep X-Subject-Token | cut -d' ' -f2` leaves one at a token's end.
 */
export function takeStrayReturns(server: Server): Server {
  const again = new WeakSet<Duplex>()
  // A connection is read so once: the next request comes on another one.
  server.prependListener('request', (request, response) => {
    if (again.has(request.socket)) response.shouldKeepAlive = false
  })
  return server.on('clientError', (error: Error & { readonly rawPacket?: Buffer }, socket: Socket) => {
    const mended = withoutStrayReturns(error.rawPacket)
    if (!socket.writable) return void socket.destroy()
    if (mended === undefined) return void socket.end(badRequest, () => socket.destroy())
    // The parser that gave up must get nothing more: a new one reads the request again, and what follows.
    socket.removeAllListeners('data')
    const connection = Duplex.from({ readable: startingWith(mended, socket), writable: socket })
    again.add(connection)
    // On a server of TLS a connection is one that is to be decrypted yet.
    const encrypted = 'encrypted' in socket
    server.emit(encrypted ? 'secureConnection' : 'connection', Object.assign(connection, { encrypted }))
  })
}

const badRequest = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'

function withoutStrayReturns(packet: Buffer | undefined): Buffer | undefined {
  const text = packet?.toString('latin1') ?? ''
  const end = text.indexOf('\r\n\r\n')
  const head = end < 0 ? text : text.slice(0, end + 2)
  const mended = head.replaceAll(/\r{2,}\n/g, '\r\n')
  return mended === head ? undefined : Buffer.from(mended + text.slice(head.length), 'latin1')
}

async function* startingWith(first: Buffer, socket: Socket): AsyncGenerator<Buffer> {
  yield first
  yield* socket
}
