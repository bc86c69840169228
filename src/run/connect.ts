import type { Cloud } from '../model/cloud.ts'
import type { SafeEvent } from '../model/event.ts'
import type { HeaderList, HttpRequest, HttpResponse, RequestBody, Transport } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import { OsrunError } from '../model/problem.ts'
import type { Endpoint, Token } from '../model/token.ts'
import { findEndpoint, fixedEndpoint } from '../openstack/catalog/endpoint.ts'
import { createMasker } from '../secrets/masker.ts'
import { createEmitter } from './events/event-bus.ts'
import { learnCloud, learnProxies } from './masking/cloud-secrets.ts'
import { hideInErrors } from './masking/mask-error.ts'
import type { Errand } from './send/link.ts'
import { buildRoad } from './send/road.ts'
import { transportFor } from './send/transports.ts'
import { createSessionTokens, type SessionTokens } from './tokens/session-tokens.ts'
import type { KeptToken } from './tokens/token-keeper.ts'
import { createTokenKeeper } from './tokens/token-keeper.ts'

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
  /** Milliseconds for the whole of it; as long as it goes on unless given. */
  readonly timeout?: number
  /** Whether the session's token goes along; true unless given. Without it any URL may be asked. */
  readonly withToken?: boolean
}

/** Which endpoint of a service is wanted, where it is not the one of the cloud's own region and interfaces. */
type EndpointWanted = { readonly region?: string; readonly interfaces?: readonly string[] }

/**
 * A connection to a cloud that authenticates when it is first used and renews its token by itself. What it throws is masked,
 * as a cloud may quote what it got.
 */
export type Session = AsyncDisposable & {
  /** The current token, renewed when it is near its end. */
  token(): Promise<Token>
  /** The endpoint of a service in the cloud's region and interface, unless told otherwise. */
  endpoint(service: string, options?: EndpointWanted): Promise<Endpoint>
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
  const { cloud, now = Date.now, signal = new AbortController().signal } = options
  const transport = options.transport ?? transportFor(options)
  const masker = createMasker()
  const { mask } = masker
  const emit = createEmitter(masker, '', options.onEvent ?? (() => {}))
  const keeper = createTokenKeeper(cloud, now)
  const urlNames = learnCloud(cloud, masker)
  learnProxies({ ...options.environment, ...cloud.proxies }, masker)
  const teller = {
    masker,
    cloud,
    reveal: false,
    explainCurl: false,
    urlNames,
    kept: new Set<string>(),
    emit,
    now,
  }
  const send = buildRoad({ userAgent: options.userAgent, keeper, teller, transport })
  const notice: Errand['notice'] = (message, level = 'info') => void emit({ type: 'notice', level, message })
  const tokens = createSessionTokens({ cloud, keeper, masker, send, signal, notice, now })
  const errand: Errand = {
    id: '',
    notice,
    renew: async (old) => ({ token: (await tokens.renew(old)).token, response: undefined }),
  }
  const close = (): Promise<void> =>
    hideInErrors(mask, async () => {
      try {
        await tokens.revoke()
      } finally {
        await transport.close()
      }
    })
  return {
    mask,
    close,
    [Symbol.asyncDispose]: close,
    token: () => hideInErrors(mask, async () => (await tokens.live()).token),
    endpoint: (service, wanted = {}) =>
      hideInErrors(mask, async () => endpointOf(cloud, service, wanted, tokens)),
    request: (method, url, extra = {}) =>
      hideInErrors(mask, async () => {
        const kept = extra.withToken === false ? undefined : (await tokens.live()).kept
        if (kept !== undefined && !keeper.mayReceiveToken(url, kept.id))
          throw new OsrunError(
            'URL_INVALID',
            `"${url}" is not under an origin of the catalog, so it gets no token.`,
          )
        return send(requestOf(method, url, extra, kept && credentialOf(cloud, kept)), {
          // One of its own for each request: any number of them may go on at a time.
          signal: AbortSignal.any([signal, extra.signal ?? signal]),
          ...(extra.timeout !== undefined && { timeout: extra.timeout }),
          redirect: true,
          // Without a token there is none to renew.
          errand: kept === undefined ? { id: '', notice } : errand,
        })
      }),
  }
}

async function endpointOf(
  { credentials, region, interfaces, endpointOverrides: overrides }: Cloud,
  service: string,
  wanted: EndpointWanted,
  tokens: SessionTokens,
): Promise<Endpoint> {
  if (credentials.kind !== 'keystone') return fixedEndpoint(credentials.endpoint, service, region)
  const { token } = await tokens.live()
  return findEndpoint(token.catalog, {
    service,
    region: wanted.region ?? region,
    interfaces: wanted.interfaces ?? interfaces,
    overrides,
    token: token.body,
  }).endpoint
}

function requestOf(
  method: string,
  url: string,
  { headers = [], body, saveTo }: SessionRequest,
  credential: Credential | undefined,
): HttpRequest {
  return {
    method,
    url,
    headers: headersOf(headers, credential),
    ...(body && { body }),
    ...(saveTo !== undefined && { saveTo }),
  }
}

type Credential = readonly [name: string, value: string]

function credentialOf({ credentials }: Cloud, { id }: KeptToken): Credential {
  return credentials.kind === 'http_basic' ? ['Authorization', `Basic ${id}`] : ['X-Auth-Token', id]
}

// The session's own credential comes last, and in the place of any other.
function headersOf(given: HeaderList, credential: Credential | undefined): HeaderList {
  const [own] = credential ?? []
  const others = given.filter(([name]) => name.toLowerCase() !== own?.toLowerCase())
  return [
    ...(headerOf(others, 'Accept') === undefined ? [['Accept', '*/*'] as const] : []),
    ...others,
    ...(credential === undefined ? [] : [credential]),
  ]
}
