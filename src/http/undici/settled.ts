import type { Socket } from 'node:net'

/** Waits until a socket is connected, or ends it when the signal does; what it says afterwards is for others to hear. */
export function settled(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = (): void => void socket.destroy(timedOut())
    socket.on('error', (error) => {
      signal.removeEventListener('abort', give)
      reject(error)
    })
    socket.once('close', () => {
      signal.removeEventListener('abort', give)
      reject(timedOut())
    })
    socket.once(event, () => {
      signal.removeEventListener('abort', give)
      resolve()
    })
    if (signal.aborted) give()
    else signal.addEventListener('abort', give, { once: true })
  })
}

function timedOut(): Error {
  return Object.assign(new Error('there was no connection in time'), { code: 'ETIMEDOUT' })
}
