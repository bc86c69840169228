import { followRedirects } from '../http/redirect.ts'
import type { Cloud } from '../model/cloud.ts'
import type { HeaderList, HttpRequest, HttpResponse, RequestBody, Transport } from '../model/exchange.ts'
import { headerOf, requestTimeout } from '../model/exchange.ts'
import { OsrunError } from '../model/problem.ts'
import type { Endpoint, Token } from '../model/token.ts'
import { findEndpoint } from '../openstack/endpoint.ts'
import { cleanupSender } from './cleanup-retry.ts'
import { graceForLogin } from './login-grace.ts'
import { sendRenewing } from './renewing-send.ts'
import { revokeToken, trusteeOf } from './revocation.ts'
import type { KeptToken } from './token-keeper.ts'
import { createTokenKeeper } from './token-keeper.ts'
import { transportFor } from './transport-for.ts'

/** How to connect to a cloud. */
export type ConnectOptions = {
  readonly cloud: Cloud
  /** Sends the requests, and is closed with the session; undici unless given. */
  readonly transport?: Transport
  /** Epoch milliseconds; the system's clock unless given. */
  readonly now?: () => number
  /** Cancels whatever the session is doing; the token is still revoked by `close`. */
  readonly signal?: AbortSignal
  /** Proxies: HTTP_PROXY, HTTPS_PROXY, NO_PROXY. Nothing unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** One request of a session. */
export type SessionRequest = {
  readonly headers?: HeaderList
  readonly body?: RequestBody
  readonly saveTo?: string
  readonly signal?: AbortSignal
  /** Milliseconds; 60 seconds unless given. */
  readonly timeout?: number
}

/** A connection to a cloud that authenticates when it is first used and renews its token by itself. */
export type Session = AsyncDisposable & {
  /** The current token, renewed when it is near its end. */
  token(): Promise<Token>
  /** The endpoint of a service in the cloud's region and interface, unless told otherwise. */
  endpoint(
    service: string,
    options?: { readonly region?: string; readonly interfaces?: readonly string[] },
  ): Promise<Endpoint>
  /** Sends a request with the token to a URL that the catalog allows. Never throws for a status. */
  request(method: string, url: string, options?: SessionRequest): Promise<HttpResponse>
  /** Revokes the token and closes the connections. */
  close(): Promise<void>
}

/**
 * Opens a session. Nothing is sent before it is used.
 *
 * @example
 * await using session = connect({ cloud })
 * const { url } = await session.endpoint('object-store')
 * const photo = await session.request('HEAD', `${url}/photos/a.jpg`)
 */
export function connect(options: ConnectOptions): Session {
  const now = options.now ?? Date.now
  const { cloud } = options
  const keeper = createTokenKeeper(cloud, now)
  const transport = options.transport ?? transportFor(options)
  const signalOf = (extra: SessionRequest): AbortSignal =>
    AbortSignal.any([options.signal, extra.signal].filter((signal) => signal !== undefined))
  const send = (request: HttpRequest, extra: SessionRequest): Promise<HttpResponse> => {
    const signal = signalOf(extra)
    return followRedirects(
      transport,
      request,
      { signal, timeout: extra.timeout ?? requestTimeout },
      { mayReceiveToken: keeper.mayReceiveToken },
    )
  }
  let pending: Promise<KeptToken> | undefined
  let current: KeptToken | undefined
  // Whoever comes while a token is being asked for waits for that one.
  const issue = (): Promise<KeptToken> => {
    pending ??= (async () => {
      try {
        const asked = { catalog: true, keep: false, fresh: true, variable: 'token' }
        // Not redirected, as a password is for Keystone alone.
        const signal = signalOf({})
        using grace = graceForLogin(signal, requestTimeout)
        await keeper.issue(cloud.credentials, asked, (request, onHead) =>
          transport.send(request, { signal: grace.signal, timeout: grace.timeout, onHead }),
        )
        signal.throwIfAborted()
        const kept = keeper.tokens.at(-1)
        if (kept === undefined) throw new OsrunError('INTERNAL', 'A token was issued and not kept.')
        current = kept
        return kept
      } finally {
        pending = undefined
      }
    })()
    return pending
  }
  const live = async (): Promise<KeptToken> =>
    current === undefined || keeper.isDue(current) ? issue() : current
  const tokenOf = (kept: KeptToken): Token => {
    if (kept.token === undefined)
      throw new OsrunError('AUTH_ANSWER_INVALID', "Keystone's answer holds no usable token.")
    return kept.token
  }
  const close = async (): Promise<void> => {
    const failures: unknown[] = []
    try {
      await pending?.catch(() => {})
      const ask = cleanupSender(transport, { timeout: undefined, now })
      for (const kept of keeper.tokens) {
        if (kept.state !== 'live') continue
        const trustee = trusteeOf(kept)
        const asTrustee =
          trustee && (async () => (await keeper.issue(trustee.credentials, trustee.request, ask)).token.id)
        try {
          await revokeToken(kept, ask, asTrustee)
          kept.state = 'revoked'
        } catch (error) {
          failures.push(error)
        }
      }
    } finally {
      await transport.close()
    }
    if (failures.length > 0) throw failures[0]
  }
  return {
    token: async () => tokenOf(await live()),
    async endpoint(service, { region, interfaces } = {}) {
      const { credentials } = cloud
      if (credentials.kind !== 'keystone')
        return { url: credentials.endpoint, region: cloud.region, interface: 'public', service, name: '' }
      const token = tokenOf(await live())
      const wanted = { service, region: region ?? cloud.region, interfaces: interfaces ?? cloud.interfaces }
      return findEndpoint(token.catalog, { ...wanted, overrides: cloud.endpointOverrides, token: token.body })
        .endpoint
    },
    async request(method, url, extra = {}) {
      const kept = await live()
      if (!keeper.mayReceiveToken(url))
        throw new OsrunError(
          'URL_INVALID',
          `"${url}" is not under an origin of the catalog, so it gets no token.`,
        )
      const credential =
        cloud.credentials.kind === 'http_basic'
          ? (['Authorization', `Basic ${kept.id}`] as const)
          : (['X-Auth-Token', kept.id] as const)
      const given = (extra.headers ?? []).filter(
        ([name]) => name.toLowerCase() !== credential[0].toLowerCase(),
      )
      const headers: [string, string][] = [...given, credential].map(([name, value]) => [name, value])
      if (headerOf(headers, 'Accept') === undefined) headers.unshift(['Accept', '*/*'])
      const request: HttpRequest = {
        method,
        url,
        headers,
        ...(extra.body && { body: extra.body }),
        ...(extra.saveTo !== undefined && { saveTo: extra.saveTo }),
      }
      return sendRenewing(request, false, {
        keeper,
        send: (asked) => send(asked, extra),
        notice: () => {},
        // Requests that meet a 401 together share one renewal.
        async renew(old) {
          const fresh = current !== undefined && current !== old ? current : await issue()
          return { token: tokenOf(fresh), response: undefined }
        },
      })
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
