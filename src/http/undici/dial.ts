import dns from 'node:dns'
import net, { isIP, type Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { settled } from './settled.ts'

/** Where to connect to. */
export type DialTarget = {
  /** A name or an address, with or without the brackets of a URL. */
  readonly host: string
  readonly port: number
  /** How to speak TLS; undefined without it. */
  readonly secure?: ConnectionOptions | undefined
  /** Milliseconds until there has to be a connection, TLS and all. */
  readonly timeout: number
}

/** Milliseconds after which the next address is tried beside the ones before it. https://www.rfc-editor.org/rfc/rfc8305#section-5 */
const nextAfter = 250

/**
 * Connects to the first address of a name that takes it. A slow one is waited for while the next ones are tried, which Node's own
 * choice of addresses does not do: it gives up each after 250 ms.
 *
 * @throws what the socket or TLS said; an AggregateError where several addresses failed, each with its address
 */
export async function dial(target: DialTarget, signal: AbortSignal): Promise<Socket> {
  const host = target.host.replace(/^\[|\]$/g, '')
  const limit = AbortSignal.any([signal, AbortSignal.timeout(target.timeout)])
  const plain = await connectAny(await addressesOf(host), target.port, limit)
  if (target.secure === undefined) return plain
  // Node takes some time to load TLS.
  const { secured } = await import('./secured.ts')
  return secured(plain, { host, secure: target.secure, signal: limit })
}

function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return Promise.resolve([host])
  return new Promise((resolve, reject) =>
    dns.lookup(host, { all: true }, (error, found) =>
      error ? reject(error) : resolve(alternating(found.map(({ address }) => address))),
    ),
  )
}

// The family of the first address and the other one in turn.
function alternating(addresses: readonly string[]): readonly string[] {
  const first = isIP(addresses[0] ?? '')
  const same = addresses.filter((one) => isIP(one) === first)
  const other = addresses.filter((one) => isIP(one) !== first)
  return addresses.flatMap((_, index) => [same[index] ?? [], other[index] ?? []].flat())
}

function connectAny(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  const rest = [...addresses]
  const open = new Set<Socket>()
  const errors: Error[] = []
  return new Promise((resolve, reject) => {
    let next: NodeJS.Timeout | undefined
    const end = (winner?: Socket): void => {
      clearTimeout(next)
      rest.length = 0
      for (const socket of open) if (socket !== winner) socket.destroy()
    }
    const attempt = (): void => {
      clearTimeout(next)
      const host = rest.shift()
      if (host === undefined) return
      const socket = net.connect({
        host,
        port,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: 60_000,
      })
      open.add(socket)
      if (rest.length > 0) next = setTimeout(attempt, nextAfter)
      settled(socket, 'connect', signal).then(
        () => {
          end(socket)
          resolve(socket)
        },
        (error: Error) => {
          open.delete(socket)
          errors.push(Object.assign(error, { address: host }))
          if (signal.aborted) rest.length = 0
          attempt()
          if (open.size > 0) return
          end()
          reject(errors.length === 1 ? error : new AggregateError(errors))
        },
      )
    }
    attempt()
  })
}
