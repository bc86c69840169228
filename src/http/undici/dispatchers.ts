import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { ServerCertificate, TlsOptions } from '../../model/exchange.ts'
import type { Authorities } from '../authorities.ts'
import { longestHead } from '../head-limits.ts'
import { proxyFor } from '../proxy.ts'
import { readServerCertificate } from '../server-certificate.ts'
import { toTransportError } from '../transport-error.ts'
import type { Certificates } from './certificates.ts'
import { connector, type Sending } from './connector.ts'
import { dial } from './dial.ts'

/** The connections of a transport: one pool for each origin, and single connections for what must not be sent twice. */
export type Dispatchers = {
  pool(url: URL): Promise<Sending>
  /** A connection that nobody used before, to be closed by the caller. */
  fresh(url: URL): Promise<Sending>
  /** What the server showed when the newest connection was made; undefined without TLS. */
  certificate(url: URL): ServerCertificate | undefined
  close(): Promise<void>
}

/** Milliseconds in which there has to be a connection, TLS and all. */
const connectTimeout = 30_000

/** Makes dispatchers that verify servers as told and obey the proxies of the environment. */
export function createDispatchers(options: {
  readonly tls: TlsOptions
  readonly authorities: Authorities
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly connections: number
}): Dispatchers {
  const pools = new Map<string, Promise<Sending>>()
  let certificates: Promise<Certificates> | undefined
  const shown = new Map<string, ServerCertificate | undefined>()
  const over = new AbortController()
  const make = async (url: URL, connections: number): Promise<Sending> => {
    const proxy = proxyFor(url, options.environment)
    const secure = url.protocol === 'https:'
    if (secure || proxy !== undefined)
      certificates ??= import('./certificates.ts').then((made) => made.readCertificates(options))
    const read = await certificates?.catch((error: unknown) => {
      throw toTransportError(error, url, options.tls)
    })
    const limits = {
      connections,
      headersTimeout: 0,
      bodyTimeout: 0,
      pipelining: 1,
      maxHeaderSize: longestHead,
    }
    const onSocket = (socket: Socket): void => {
      if (isSecure(socket)) shown.set(url.origin, readServerCertificate(socket.getPeerCertificate().raw))
    }
    // undici takes longer to load than all the rest: who sends nothing, such as --help, does without it.
    if (proxy !== undefined) {
      const { createProxyDispatcher } = await import('./proxy-dispatcher.ts')
      const { tls, authorities } = options
      const route = { proxy, origin: url.origin, limits, tls, authorities, certificates: read }
      return createProxyDispatcher({ ...route, timeout: connectTimeout, signal: over.signal, onSocket })
    }
    const { default: Pool } = await import('undici/lib/dispatcher/pool.js')
    const target = {
      host: url.hostname,
      port: Number(url.port || (secure ? 443 : 80)),
      secure: secure ? read?.server : undefined,
      timeout: connectTimeout,
    }
    return new Pool(url.origin, { ...limits, connect: connector(() => dial(target, over.signal), onSocket) })
  }
  return {
    pool(url) {
      const known = pools.get(url.origin)
      if (known) return known
      const pool = make(url, options.connections)
      pools.set(url.origin, pool)
      return pool
    },
    fresh: (url) => make(url, 1),
    certificate: ({ origin }) => shown.get(origin),
    async close() {
      over.abort()
      const open = await Promise.allSettled(pools.values())
      pools.clear()
      await Promise.all(open.map((pool) => (pool.status === 'fulfilled' ? pool.value.destroy() : undefined)))
    },
  }
}

// Node's class would cost a start that sends nothing the loading of TLS.
function isSecure(socket: Socket | null | undefined): socket is TLSSocket {
  return socket instanceof Object && 'getPeerCertificate' in socket
}
