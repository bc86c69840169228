import type { Cloud } from '../model/cloud.ts'
import type { SafeEvent } from '../model/event.ts'
import type { HeaderList, HttpRequest, HttpResponse, RequestBody, Transport } from '../model/exchange.ts'
import { headerOf, requestTimeout } from '../model/exchange.ts'
import { OsrunError } from '../model/problem.ts'
import type { Endpoint, Token } from '../model/token.ts'
import { findEndpoint } from '../openstack/endpoint.ts'
import { createMasker } from '../secrets/masker.ts'
import { cleanupDetails } from './cleanup-retry.ts'
import { learnCloud } from './cloud-secrets.ts'
import { createEmitter } from './event-bus.ts'
import { graceForLogin } from './login-grace.ts'
import { hideInErrors } from './mask-error.ts'
import { revokeToken, trusteeOf } from './revocation.ts'
import type { Details, Errand } from './send/link.ts'
import { buildRoad } from './send/road.ts'
import { transportFor } from './send/transports.ts'
import type { KeptToken } from './token-keeper.ts'
import { createTokenKeeper } from './token-keeper.ts'

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
  /** What identifies this program; `osrun` unless given. */
  readonly userAgent?: string
  /** Hears of each request with its curl line, and of what else is to be known; the events are masked. */
  readonly onEvent?: (event: SafeEvent) => void
}

/** One request of a session. */
export type SessionRequest = {
  readonly headers?: HeaderList
  readonly body?: RequestBody
  readonly saveTo?: string
  readonly signal?: AbortSignal
  /** Milliseconds; 60 seconds unless given. */
  readonly timeout?: number
  /** Whether the session's token goes along; true unless given. Without it any URL may be asked. */
  readonly withToken?: boolean
}

/**
 * A connection to a cloud that authenticates when it is first used and renews its token by itself. What it throws is masked,
 * as a cloud may quote what it got.
 */
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
  /** The text without the secrets of the session. */
  mask(text: string): string
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
  const masker = createMasker()
  const emit = createEmitter(masker, '', options.onEvent ?? (() => {}))
  const send = buildRoad({
    userAgent: options.userAgent,
    keeper,
    teller: {
      masker,
      cloud,
      reveal: false,
      explainCurl: false,
      urlNames: learnCloud(cloud, masker),
      emit,
      now,
    },
    transport,
  })
  const notice: Errand['notice'] = (message, level = 'info') => void emit({ type: 'notice', level, message })
  const signalOf = (extra: SessionRequest): AbortSignal =>
    AbortSignal.any([options.signal, extra.signal].filter((signal) => signal !== undefined))
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
        const { timeout } = grace
        const details = { errand: { id: '', notice }, isForToken: true, signal: grace.signal, timeout }
        await keeper.issue(cloud.credentials, asked, (request, onHead) =>
          send(request, { ...details, onHead }),
        )
        signal.throwIfAborted()
        const kept = keeper.tokens.at(-1)
        if (kept === undefined) throw new OsrunError('INTERNAL', 'A token was issued and not kept.')
        masker.learn(kept.id, 'token')
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
      const details: Details = cleanupDetails({ timeout: undefined, now, notice })
      const ask = (request: HttpRequest): Promise<HttpResponse> => send(request, details)
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
  const errand: Errand = {
    id: '',
    notice,
    // Requests that meet a 401 together share one renewal.
    async renew(old) {
      const fresh = current !== undefined && current !== old ? current : await issue()
      return { token: tokenOf(fresh), response: undefined }
    },
  }
  const session: Omit<Session, typeof Symbol.asyncDispose> = {
    token: async () => tokenOf(await live()),
    mask: masker.mask,
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
      const kept = extra.withToken === false ? undefined : await live()
      if (kept !== undefined && !keeper.mayReceiveToken(url))
        throw new OsrunError(
          'URL_INVALID',
          `"${url}" is not under an origin of the catalog, so it gets no token.`,
        )
      const request: HttpRequest = {
        method,
        url,
        headers: headersOf(extra.headers ?? [], kept && credentialOf(cloud, kept)),
        ...(extra.body && { body: extra.body }),
        ...(extra.saveTo !== undefined && { saveTo: extra.saveTo }),
      }
      const timeout = extra.timeout ?? requestTimeout
      return send(request, {
        signal: signalOf(extra),
        timeout,
        redirect: true,
        errand: kept === undefined ? { id: '', notice } : errand,
      })
    },
    close,
  }
  const { token, endpoint, request } = session
  const masked: typeof session = {
    mask: masker.mask,
    token: () => hideInErrors(masker.mask, token),
    endpoint: (...asked) => hideInErrors(masker.mask, () => endpoint(...asked)),
    request: (...asked) => hideInErrors(masker.mask, () => request(...asked)),
    close: () => hideInErrors(masker.mask, close),
  }
  return { ...masked, [Symbol.asyncDispose]: masked.close }
}

function credentialOf({ credentials }: Cloud, { id }: KeptToken): readonly [name: string, value: string] {
  return credentials.kind === 'http_basic' ? ['Authorization', `Basic ${id}`] : ['X-Auth-Token', id]
}

// The session's own credential comes last, and in the place of any other.
function headersOf(given: HeaderList, credential: readonly [string, string] | undefined): HeaderList {
  const [own] = credential ?? []
  const others = given.filter(([name]) => name.toLowerCase() !== own?.toLowerCase())
  return [
    ...(headerOf(others, 'Accept') === undefined ? [['Accept', '*/*'] as const] : []),
    ...others,
    ...(credential === undefined ? [] : [credential]),
  ]
}
