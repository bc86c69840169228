import type { Cloud, Credentials } from '../../model/cloud.ts'
import type { HeaderList, HttpRequest, HttpResponse, SendOptions } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import type { IssuedToken, TokenRequest } from '../../model/step.ts'
import type { Token } from '../../model/token.ts'
import { authenticate } from '../../openstack/auth/authenticate.ts'
import { lifeOf, secondsLeft } from '../../openstack/auth/token-life.ts'
import { originOf } from '../../util/origin.ts'
import { staticToken } from './static-token.ts'

/** A token that osrun asked for, with what it takes to ask again. */
export type KeptToken = {
  readonly id: string
  /** Undefined while Keystone's answer has not been understood. */
  token: Token | undefined
  readonly identityUrl: string
  readonly credentials: Credentials
  readonly request: TokenRequest
  /** `given`: not made by osrun, so never revoked. `shared`: the suite's, which revokes it at its end. */
  state: 'live' | 'revoked' | 'given' | 'shared'
}

/** Sends a request and tells the head of the answer as soon as it is there. */
export type SendForToken = (
  request: HttpRequest,
  onHead: NonNullable<SendOptions['onHead']>,
) => Promise<HttpResponse>

/** Knows every token of a run or session: who made it, how long it lives, where it may go. */
export type TokenKeeper = {
  readonly tokens: readonly KeptToken[]
  /** Gets a token; it is remembered from the moment that its header arrives. */
  issue(credentials: Credentials, request: TokenRequest, send: SendForToken): Promise<IssuedToken>
  /** Takes in a token that the suite made for several runs. */
  adopt(credentials: Credentials, request: TokenRequest, token: Token): void
  find(id: string | undefined): KeptToken | undefined
  /** Whether the token is near its end, by the server's clock, and can be asked for anew. */
  isDue(kept: KeptToken): boolean
  isRenewable(kept: KeptToken): boolean
  /**
   * Whether a token may go to this URL: an origin of its own cloud, which are those of Keystone, of the catalog and of the
   * cloud's overrides. Of what is no token that is kept here, the origin of any cloud will do.
   */
  mayReceiveToken(url: string, token: string | undefined): boolean
  /** Whether a URL is of the run's own cloud, of whatever cloud a recipe may ask besides. */
  isOwn(url: string): boolean
  /** Whether the cloud's owner gave this token; such a token is never revoked. */
  isGiven(id: string): boolean
}

/** Makes a keeper for one cloud. `now` is in epoch milliseconds. */
export function createTokenKeeper(cloud: Cloud | undefined, now: () => number): TokenKeeper {
  const tokens: KeptToken[] = []
  // The origins of each cloud, by the URL that it was asked for a token by.
  const clouds = new Map<string, Set<string>>()
  const cloudOfToken = new Map<string, Set<string>>()
  const allow = (origins: Set<string>, url: string): void => {
    const origin = originOf(url)
    if (origin !== undefined) origins.add(origin)
  }
  // A Keystone that one cloud names is of that cloud.
  const cloudOf = (credentials: Credentials): Set<string> => {
    const url = credentials.kind === 'keystone' ? credentials.authUrl : credentials.endpoint
    const known = clouds.get(url) ?? [...clouds.values()].find((origins) => origins.has(originOf(url) ?? ''))
    if (known !== undefined) return known
    const origins = new Set<string>()
    allow(origins, url)
    clouds.set(url, origins)
    return origins
  }
  if (cloud !== undefined) {
    const origins = cloudOf(cloud.credentials)
    for (const url of Object.values(cloud.endpointOverrides)) allow(origins, url)
  }
  const keep = (kept: KeptToken): void => {
    tokens.push(kept)
    cloudOfToken.set(kept.id, cloudOf(kept.credentials))
  }
  const allowCatalog = (credentials: Credentials, { identityUrl, catalog = [] }: Token): void => {
    const origins = cloudOf(credentials)
    allow(origins, identityUrl)
    for (const { endpoints } of catalog) for (const { url } of endpoints) allow(origins, url)
  }
  return {
    tokens,
    adopt(credentials, request, token) {
      const { id, identityUrl } = token
      keep({ id, token, identityUrl, credentials, request, state: 'shared' })
      allowCatalog(credentials, token)
    },
    find: (id) => (id === undefined ? undefined : tokens.findLast((kept) => kept.id === id)),
    async issue(credentials, request, send) {
      if (credentials.kind !== 'keystone') {
        const token = staticToken(credentials, now())
        keep({
          id: token.id,
          token,
          identityUrl: token.identityUrl,
          credentials,
          request,
          state: 'given',
        })
        return { token, response: undefined }
      }
      const seen: KeptToken[] = []
      const remember = ({ method, url }: HttpRequest, headers: HeaderList): void => {
        const id = method === 'POST' ? headerOf(headers, 'X-Subject-Token')?.trim() : undefined
        if (id === undefined || id === '' || seen.some((kept) => kept.id === id)) return
        const identityUrl = url.replace(/\/auth\/tokens(\?.*)?$/, '')
        const kept: KeptToken = { id, token: undefined, identityUrl, credentials, request, state: 'live' }
        keep(kept)
        seen.push(kept)
      }
      const { token, response } = await authenticate({
        credentials,
        catalog: request.catalog,
        isCloudsOwn: credentials === cloud?.credentials,
        now,
        async send(asked) {
          const answer = await send(asked, (_status, headers) => remember(asked, headers))
          // A transport need not tell the head beforehand.
          remember(asked, answer.headers)
          return answer
        },
      })
      for (const kept of seen) if (kept.id === token.id) kept.token = token
      allowCatalog(credentials, token)
      return { token, response }
    },
    isRenewable,
    isDue(kept) {
      if (kept.token === undefined || !isRenewable(kept)) return false
      return secondsLeft(kept.token, now()) < Math.min(120, lifeOf(kept.token) / 5)
    },
    mayReceiveToken(url, token) {
      const own = token === undefined ? undefined : cloudOfToken.get(token)
      return own === undefined ? [...clouds.values()].some((origins) => isOf(origins, url)) : isOf(own, url)
    },
    isOwn: (url) => cloud !== undefined && isOf(cloudOf(cloud.credentials), url),
    isGiven: (id) => givenTokens(cloud).includes(id),
  }
}

function isOf(origins: ReadonlySet<string>, url: string): boolean {
  // A URL that spells an origin out, with the path after it, needs no parser; most do.
  for (const origin of origins) if (url.startsWith(origin) && url[origin.length] === '/') return true
  return origins.has(originOf(url) ?? '')
}

function isRenewable(kept: KeptToken): boolean {
  return (kept.state === 'live' || kept.state === 'shared') && isRepeatable(kept.credentials)
}

function givenTokens(cloud: Cloud | undefined): readonly string[] {
  if (cloud === undefined) return []
  if (cloud.credentials.kind === 'admin_token') return [cloud.credentials.token]
  if (cloud.credentials.kind !== 'keystone') return []
  return cloud.credentials.methods.flatMap((method) => (method.kind === 'token' ? [method.token] : []))
}

/**
 * Whether these credentials give a token again and again. A one-time code cannot be used twice, and a token
 * that is made of a token lives no longer than its parent.
 */
export function isRepeatable(credentials: Credentials): boolean {
  return (
    credentials.kind === 'keystone' &&
    credentials.methods.every(({ kind }) => kind === 'password' || kind === 'application_credential')
  )
}
