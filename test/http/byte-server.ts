import { createServer, type Server, type Socket } from 'node:net'

/** A server that gives bytes instead of HTTP. */
export type ByteServer = {
  readonly url: string
  /** Sockets that were opened so far. */
  readonly sockets: readonly Socket[]
  close(): Promise<void>
}

/** Calls `answer` with each connection once a whole head has come. */
export async function startByteServer(answer: (socket: Socket) => void): Promise<ByteServer> {
  const sockets: Socket[] = []
  const server: Server = createServer((socket) => {
    sockets.push(socket)
    let text = ''
    socket.on('error', () => {})
    socket.on('data', function listen(chunk: Buffer) {
      text += chunk.toString('latin1')
      if (!text.includes('\r\n\r\n')) return
      socket.off('data', listen).resume()
      answer(socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
