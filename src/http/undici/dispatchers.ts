import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { ServerCertificate, TlsOptions } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import { fileTrouble } from '../../util/files/file-trouble.ts'
import { proxyFor } from '../proxy.ts'
import { readServerCertificate } from '../server-certificate.ts'
import type { Sending } from './proxy-dispatcher.ts'

/** The connections of a transport: one pool for each origin, and single connections for what must not be sent twice. */
export type Dispatchers = {
  pool(url: URL): Promise<Sending>
  /** A connection that nobody used before, to be closed by the caller. */
  fresh(url: URL): Promise<Sending>
  /** What the server showed when the newest connection was made; undefined without TLS. */
  certificate(url: URL): ServerCertificate | undefined
  close(): Promise<void>
}

/** Makes dispatchers that verify servers as told and obey the proxies of the environment. */
export function createDispatchers(options: {
  readonly tls: TlsOptions
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly connections: number
}): Dispatchers {
  const pools = new Map<string, Promise<Sending>>()
  let certificates: Record<string, unknown> | undefined
  const shown = new Map<string, ServerCertificate | undefined>()
  const make = async (url: URL, connections: number): Promise<Sending> => {
    const proxy = proxyFor(url, options.environment)
    const secure = url.protocol === 'https:'
    if (secure || proxy !== undefined) certificates ??= readCertificates(options.tls)
    const keepCertificate = (socket: Socket | null): void => {
      if (isSecure(socket)) shown.set(url.origin, readServerCertificate(socket.getPeerCertificate().raw))
    }
    const limits = { connections, headersTimeout: 0, bodyTimeout: 0, pipelining: 1 }
    // undici takes longer to load than all the rest: who sends nothing, such as --help, does without it.
    if (proxy === undefined) {
      const { default: Pool } = await import('undici/lib/dispatcher/pool.js')
      if (!secure) return new Pool(url.origin, { ...limits, connect: { timeout: 30_000 } })
      const { default: buildConnector } = await import('undici/lib/core/connect.js')
      const dial = buildConnector({ ...certificates, timeout: 30_000 })
      return new Pool(url.origin, {
        ...limits,
        connect: (target, done) =>
          dial(target, (...ended) => {
            keepCertificate(ended[1])
            done(...ended)
          }),
      })
    }
    const { createProxyDispatcher } = await import('./proxy-dispatcher.ts')
    const { tls } = options
    const route = { proxy, origin: url.origin, limits, tls, certificates: certificates ?? {} }
    return createProxyDispatcher({ ...route, onSocket: keepCertificate })
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

// A cacert replaces the system's authorities; insecure wins over everything.
function readCertificates({ cacert, cert, key, insecure }: TlsOptions): Record<string, unknown> {
  return {
    rejectUnauthorized: !insecure,
    ...(cacert !== undefined && !insecure && { ca: readPem(cacert, 'cacert') }),
    ...(cert !== undefined && { cert: readPem(cert, 'cert'), key: readPem(key ?? cert, 'key') }),
  }
}

function readPem(path: string, option: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new OsrunError(
      'FILE_UNREADABLE',
      phrase`The ${option} file "${path}" cannot be read: ${fileTrouble(cause)}.`,
      { cause },
    )
  }
  // Node takes an authority that is none without a word, and then trusts nobody.
  if (!text.includes(option === 'key' ? 'PRIVATE KEY-----' : '-----BEGIN'))
    throw new OsrunError(
      'FILE_UNREADABLE',
      phrase`The ${option} file "${path}" holds no ${option === 'key' ? 'private key' : 'certificate'} in PEM.`,
    )
  return text
}
