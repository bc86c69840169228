import type { Credentials } from '../../model/cloud.ts'
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import type { Token } from '../../model/token.ts'
import { parseJson } from '../../util/parse-json.ts'
import { authBody, secretPointers } from './auth-body.ts'
import { authError } from './auth-error.ts'
import { findIdentityUrl } from './identity-url.ts'
import { parseToken } from './parse-token.ts'

type Keystone = Extract<Credentials, { kind: 'keystone' }>

/** What authenticating needs. */
export type Authentication = {
  readonly credentials: Keystone
  /** Ask for the catalog with the token. */
  readonly catalog: boolean
  /** Whether the credentials are those of the cloud's settings, where all but their secrets may be shown. */
  readonly isCloudsOwn: boolean
  /** Epoch milliseconds. */
  now(): number
  send(request: HttpRequest): Promise<HttpResponse>
}

/**
 * Gets a token. Where Keystone wants several methods it answers the first with a receipt; what is missing is
 * then sent with it, and the scope again, since Keystone does not remember it.
 * https://docs.openstack.org/keystone/latest/user/multi-factor-authentication.html
 */
export async function authenticate(
  ask: Authentication,
): Promise<{ readonly token: Token; readonly response: HttpResponse }> {
  const identityUrl = await findIdentityUrl(ask.credentials.authUrl, ask.send)
  const url = `${identityUrl}/auth/tokens${ask.catalog ? '' : '?nocatalog'}`
  const request = ask.isCloudsOwn ? ownTokenRequest : tokenRequest
  let response = await ask.send(request(url, ask.credentials))
  const receipt = response.status === 401 ? headerOf(response.headers, 'Openstack-Auth-Receipt') : undefined
  if (receipt !== undefined) {
    const missing = missingMethods(response, ask.credentials)
    if (missing.methods.length > 0)
      response = await ask.send(request(url, missing, [['Openstack-Auth-Receipt', receipt]]))
  }
  // A login page says 200, too.
  const isPage = /html/i.test(headerOf(response.headers, 'Content-Type') ?? '')
  if ((response.status !== 201 && response.status !== 200) || isPage)
    throw authError(response, ask, identityUrl)
  return { token: parseToken(response, identityUrl, ask.now()), response }
}

/** The request for a token. https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management */
export function tokenRequest(
  url: string,
  credentials: Keystone,
  extra: HttpRequest['headers'] = [],
): HttpRequest {
  const json = authBody(credentials)
  const [first] = credentials.methods
  return {
    method: 'POST',
    url,
    headers: [
      ['Accept', 'application/json'],
      ['Content-Type', 'application/json'],
      ...(first?.kind === 'token' ? [['X-Auth-Token', first.token] as const] : []),
      ...extra,
    ],
    body: { kind: 'text', text: JSON.stringify(json), json },
  }
}

// For credentials of the cloud's settings.
function ownTokenRequest(...asked: Parameters<typeof tokenRequest>): HttpRequest {
  const [url, credentials] = asked
  const [path = ''] = /\/auth\/tokens(\?nocatalog)?$/.exec(url) ?? []
  const headers = ['X-Auth-Token', 'Openstack-Auth-Receipt']
  return { ...tokenRequest(...asked), secretPlaces: { path, headers, json: secretPointers(credentials) } }
}

// The receipt remembers which methods Keystone has taken.
function missingMethods(response: HttpResponse, credentials: Keystone): Keystone {
  const body = Object(parseJson(response.body)) as {
    readonly receipt?: { readonly methods?: unknown } | null
  }
  const methods = body.receipt?.methods
  // Without its list every method is sent again, which Keystone takes too.
  const done: readonly unknown[] = Array.isArray(methods) ? methods : []
  return { ...credentials, methods: credentials.methods.filter(({ kind }) => !done.includes(kind)) }
}
