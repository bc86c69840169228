import type { HttpRequest, SecretPlaces } from '../../model/exchange.ts'

/** Who asks, and which token is meant. */
export type TokenQuestion = { readonly token: string; readonly subject: string }

/** Asks Keystone to revoke the subject. https://docs.openstack.org/api-ref/identity/v3/#revoke-token */
export function revokeRequest(identityUrl: string, question: TokenQuestion): HttpRequest {
  return { method: 'DELETE', url: `${identityUrl}${path}`, headers: headersOf(question), secretPlaces }
}

/** Asks Keystone whether the subject is good. https://docs.openstack.org/api-ref/identity/v3/#check-token */
export function validateRequest(
  identityUrl: string,
  question: TokenQuestion & { readonly method: 'GET' | 'HEAD' },
): HttpRequest {
  const { method } = question
  return { method, url: `${identityUrl}${path}`, headers: headersOf(question), secretPlaces }
}

const path = '/auth/tokens'
const secretPlaces: SecretPlaces = { path, headers: ['X-Auth-Token', 'X-Subject-Token'], json: [] }

function headersOf({ token, subject }: TokenQuestion): HttpRequest['headers'] {
  return [
    ['Accept', '*/*'],
    ['X-Auth-Token', token],
    ['X-Subject-Token', subject],
  ]
}
