import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectSecure, type TLSSocket } from 'node:tls'
import { settled } from './settled.ts'

/** Speaks TLS on a connection; the certificate is that of the host. */
export async function secured(
  plain: Socket,
  {
    host,
    secure,
    signal,
  }: { readonly host: string; readonly secure: ConnectionOptions; readonly signal: AbortSignal },
): Promise<TLSSocket> {
  const socket = connectSecure({
    ...secure,
    ALPNProtocols: ['http/1.1'],
    socket: plain,
    host,
    // TLS takes no address for a server's name.
    ...(isIP(host) === 0 && { servername: host }),
  })
  await settled(socket, 'secureConnect', signal)
  return socket
}
