import type { Credentials } from '../../model/cloud.ts'
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { TokenRequest } from '../../model/step.ts'
import { revokeRequest, validateRequest } from '../../openstack/auth/token-requests.ts'
import { requestIdOf } from '../../openstack/error-envelope.ts'
import type { KeptToken } from './token-keeper.ts'

type Send = (request: HttpRequest) => Promise<HttpResponse>

/**
 * Asks Keystone to revoke a token with itself. One that is gone already, 401 or 404, counts as revoked.
 * The token of a trust acts as the trustor and belongs to the trustee, so Keystone refuses it that: `asTrustee`
 * then gives a token of the trustee, which may.
 * https://docs.openstack.org/api-ref/identity/v3/#revoke-token
 */
export async function revokeToken(
  { id, identityUrl }: Pick<KeptToken, 'id' | 'identityUrl'>,
  send: Send,
  asTrustee: (() => Promise<string>) | undefined,
): Promise<HttpResponse> {
  let response = await send(revokeRequest(identityUrl, { token: id, subject: id }))
  if (response.status === 403 && asTrustee !== undefined)
    response = await send(revokeRequest(identityUrl, { token: await asTrustee(), subject: id }))
  if ([204, 200, 401, 404].includes(response.status)) return response
  const requestId = requestIdOf(response.headers)
  throw new OsrunError(
    'CLEANUP_FAILED',
    `Keystone answered ${response.status} when asked to revoke a token${requestId === undefined ? '' : ` (${requestId})`}.`,
    { hint: phrase`The token stays good until it expires.` },
  )
}

/** What asks for a token of the trustee, where a token is of a trust and its credentials can be used again. */
export function trusteeOf(
  kept: KeptToken | undefined,
): { readonly credentials: Credentials; readonly request: TokenRequest } | undefined {
  const { credentials } = kept ?? {}
  if (kept === undefined || credentials?.kind !== 'keystone' || credentials.scope.kind !== 'trust')
    return undefined
  if (credentials.methods.some(({ kind }) => kind === 'totp')) return undefined
  return {
    credentials: { ...credentials, scope: { kind: 'unscoped' } },
    request: { catalog: false, keep: false, fresh: true, variable: 'trustee-token' },
  }
}

/**
 * Proves that a token is revoked: asked with itself Keystone answers 401, asked with another live token 404.
 * Services may take it for some minutes more, since they keep what Keystone told them.
 */
export async function proveRevoked(
  id: string,
  identityUrl: string,
  asker: KeptToken | undefined,
  send: Send,
): Promise<HttpResponse> {
  const response = await send(
    validateRequest(identityUrl, { token: asker?.id ?? id, subject: id, method: 'HEAD' }),
  )
  if (response.status === 401 || response.status === 404) return response
  throw new OsrunError(
    'EXPECTATION_FAILED',
    phrase`The revoked token still validates: Keystone answered ${response.status}.`,
    {
      hint: phrase`Keystone may cache validations; ask again a little later.`,
    },
  )
}
