import type { HttpRequest, HttpResponse } from '../model/exchange.ts'
import { OsrunError } from '../model/problem.ts'
import { requestIdOf } from '../openstack/error-envelope.ts'
import { revokeRequest, validateRequest } from '../openstack/token-requests.ts'
import type { KeptToken } from './token-keeper.ts'

type Send = (request: HttpRequest) => Promise<HttpResponse>

/**
 * Asks Keystone to revoke a token with itself. One that is gone already, 401 or 404, counts as revoked.
 * https://docs.openstack.org/api-ref/identity/v3/#revoke-token
 */
export async function revokeToken(id: string, identityUrl: string, send: Send): Promise<HttpResponse> {
  const response = await send(revokeRequest(identityUrl, { token: id, subject: id }))
  if ([204, 200, 401, 404].includes(response.status)) return response
  const requestId = requestIdOf(response.headers)
  throw new OsrunError(
    'CLEANUP_FAILED',
    `Keystone answered ${response.status} when asked to revoke a token${requestId === undefined ? '' : ` (${requestId})`}.`,
    { hint: 'The token stays good until it expires.' },
  )
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
    `The revoked token still validates: Keystone answered ${response.status}.`,
    {
      hint: 'Keystone may cache validations; ask again a little later.',
    },
  )
}
