import type { Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import type Pool from 'undici/lib/dispatcher/pool.js'
import { isLengthMismatch } from '../transport-error.ts'

/** What a transport needs of undici's dispatchers. */
export type Sending = Pick<Dispatcher, 'dispatch' | 'destroy'>

type Connect = NonNullable<Pool.Options['connect']>

/** Makes undici's connections in one's own way; `onSocket` is told of each. */
export function connector(open: () => Promise<Socket>, onSocket: (socket: Socket) => void): Connect {
  const connect = (_target: unknown, done: (error: Error | null, socket: Socket | null) => void): void => {
    open().then(
      (socket) => {
        onSocket(socket)
        rememberLast(socket)
        done(null, socket)
      },
      (error: Error) => done(error, null),
    )
  }
  return connect as unknown as Connect
}

// undici tells that lengths do not fit, whatever it could not read: what was read last says more.
function rememberLast(socket: Socket): void {
  const read = socket.read.bind(socket)
  let last: Buffer | undefined
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read(size)
    last = chunk ?? last
    return chunk
  }
  socket.on('error', (error) => {
    if (isLengthMismatch(error)) Object.assign(error, { data: last?.toString('latin1') })
  })
}
