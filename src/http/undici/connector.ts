import type { Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import type Pool from 'undici/lib/dispatcher/pool.js'

/** What a transport needs of undici's dispatchers. */
export type Sending = Pick<Dispatcher, 'dispatch' | 'destroy'>

type Connect = NonNullable<Pool.Options['connect']>

/** Makes undici's connections in one's own way; `onSocket` is told of each. */
export function connector(open: () => Promise<Socket>, onSocket: (socket: Socket) => void): Connect {
  const connect = (_target: unknown, done: (error: Error | null, socket: Socket | null) => void): void => {
    open().then(
      (socket) => {
        onSocket(socket)
        done(null, socket)
      },
      (error: Error) => done(error, null),
    )
  }
  return connect as unknown as Connect
}
