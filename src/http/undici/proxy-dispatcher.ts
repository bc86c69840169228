import { request as askProxy } from 'node:http'
import type { Socket } from 'node:net'
import Pool from 'undici/lib/dispatcher/pool.js'
import type { TlsOptions } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Authorities } from '../authorities.ts'
import { toTransportError } from '../transport-error.ts'
import type { Certificates } from './certificates.ts'
import { connector, type Sending } from './connector.ts'
import { dial } from './dial.ts'
import { secured } from './secured.ts'

/** How to reach a server by way of a proxy. */
export type ProxyRoute = {
  /** The proxy's URL, with user and password when it has any. */
  readonly proxy: string
  /** The server's. */
  readonly origin: string
  readonly limits: Pool.Options
  readonly tls: TlsOptions
  readonly authorities: Authorities
  readonly certificates: Certificates | undefined
  /** Milliseconds until there has to be a connection to the proxy, and one more time to the server. */
  readonly timeout: number
  readonly signal: AbortSignal
  /** Told of each connection to the server. */
  onSocket(socket: Socket): void
}

/**
 * Sends by way of a proxy as curl does: http by asking the proxy for whole URLs, https through a tunnel. User
 * and password of the proxy's URL go to the proxy alone and into no message. undici's own ProxyAgent needs the
 * whole of undici, and sends one of several headers with the same name.
 * https://everything.curl.dev/usingcurl/proxies/http.html
 */
export function createProxyDispatcher(route: ProxyRoute): Sending {
  const { url, credentials } = parsed(route.proxy)
  const dialled = new Set<Socket>()
  const open = async (): Promise<Socket> => {
    const socket = await dialProxy(url, route)
    dialled.add(socket)
    socket.once('close', () => dialled.delete(socket))
    return socket
  }
  const { protocol, host } = new URL(route.origin)
  const isTunnel = protocol === 'https:'
  const pool = new Pool(route.origin, {
    ...route.limits,
    connect: connector(
      () => (isTunnel ? openTunnel(open, url, credentials, route) : open()),
      isTunnel ? route.onSocket : () => {},
    ),
  })
  const own = credentials === undefined ? [] : ['proxy-authorization', credentials]
  const withHost = (headers: string[]): string[] =>
    headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
      ? headers
      : ['host', host, ...headers]
  return {
    dispatch: (request, handler) =>
      isTunnel
        ? pool.dispatch(request, handler)
        : pool.dispatch(
            {
              ...request,
              path: route.origin + request.path,
              headers: withHost([...own, ...(request.headers as string[])]),
            },
            handler,
          ),
    async destroy() {
      await pool.destroy()
      for (const socket of dialled) socket.destroy()
    },
  }
}

function parsed(proxy: string): { readonly url: URL; readonly credentials: string | undefined } {
  const hint = 'It comes from http_proxy, https_proxy or all_proxy; no_proxy names hosts that need none.'
  if (!URL.canParse(proxy))
    throw new OsrunError('URL_INVALID', phrase`The URL of the proxy is no URL.`, { hint })
  const url = new URL(proxy)
  if (!/^https?:$/.test(url.protocol))
    throw new OsrunError('URL_INVALID', phrase`A proxy is http or https, not ${url.protocol}`, { hint })
  if (url.username === '') return { url, credentials: undefined }
  const text = `${decoded(url.username)}:${decoded(url.password)}`
  url.username = ''
  url.password = ''
  return { url, credentials: `Basic ${Buffer.from(text).toString('base64')}` }
}

// A percent sign may stand for itself in a password.
function decoded(text: string): string {
  return text.replace(/(%[0-9a-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString(),
  )
}

async function dialProxy(
  url: URL,
  { tls, authorities, certificates, timeout, signal }: ProxyRoute,
): Promise<Socket> {
  const isSecure = url.protocol === 'https:'
  const secure = isSecure ? certificates?.proxy : undefined
  const port = Number(url.port || (isSecure ? 443 : 80))
  try {
    return await dial({ host: url.hostname, port, secure, timeout }, signal)
  } catch (error) {
    throw toTransportError(error, url, tls, authorities)
  }
}

async function openTunnel(
  open: () => Promise<Socket>,
  proxy: URL,
  credentials: string | undefined,
  { origin, certificates, tls, authorities, timeout, signal }: ProxyRoute,
): Promise<Socket> {
  const { hostname, port } = new URL(origin)
  const target = `${hostname}:${port || 443}`
  const plain = await open()
  await new Promise<void>((resolve, reject) => {
    const asked = askProxy({
      method: 'CONNECT',
      path: target,
      createConnection: () => plain,
      headers: { host: target, ...(credentials !== undefined && { 'proxy-authorization': credentials }) },
    })
    asked.once('error', (error) => reject(toTransportError(error, proxy, tls, authorities)))
    asked.once('connect', ({ statusCode }) => {
      if (statusCode === 200) return resolve()
      plain.destroy()
      reject(
        new OsrunError(
          'CONNECTION_REFUSED',
          phrase`The proxy ${proxy.host} answered ${String(statusCode)} when asked for a tunnel to ${target}.`,
          { hint: phrase`no_proxy names hosts that need no proxy; its user and password stand in its URL.` },
        ),
      )
    })
    asked.end()
  })
  return secured(plain, {
    host: hostname.replace(/^\[|\]$/g, ''),
    secure: certificates?.server ?? {},
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
  })
}
