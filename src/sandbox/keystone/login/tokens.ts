import type { Call, Header } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { json, noContent } from '../answer.ts'
import type { Token } from '../identity/credentials.ts'
import type { Identity } from '../identity/identity.ts'
import { keystoneTime, toldAfterEnd } from '../identity/identity.ts'
import { forbidden, Refusal, unauthorized } from '../refusal.ts'
import { issueToken } from './issue-token.ts'
import { tokenBody } from './token-body.ts'

/** `POST /v3/auth/tokens`. */
export async function postToken(call: Call, state: Identity): Promise<Reply> {
  const issued = await issueToken(call, state)
  if ('id' in issued) return shown(201, issued, call, state)
  const { receipt, receiptId, rules } = issued
  const { user, methods, expiresAt } = receipt
  const { domain } = user
  const body = {
    receipt: {
      methods,
      user: { domain: { id: domain.id, name: domain.name }, id: user.id, name: user.name },
      expires_at: keystoneTime(expiresAt),
      issued_at: keystoneTime(Math.floor(state.now() / 1000) * 1000),
    },
    required_auth_methods: rules,
  }
  return json(401, body, [['Openstack-Auth-Receipt', receiptId]])
}

/** GET and HEAD `/v3/auth/tokens`: what the subject token is. */
export function getToken(call: Call, state: Identity): Reply {
  const action = call.method === 'HEAD' ? 'identity:check_token' : 'identity:validate_token'
  const { subject } = callerAndSubject(call, state, action, call.query.has('allow_expired'))
  return shown(200, subject, call, state)
}

/** `DELETE /v3/auth/tokens`. */
export function deleteToken(call: Call, state: Identity): Reply {
  const { subject } = callerAndSubject(call, state, 'identity:revoke_token', false)
  state.tokens.revoke(subject)
  return noContent()
}

/** The caller's token; 401 when it is not good. */
export function callerOf(call: Call, state: Identity): Token {
  const caller = state.live(call.header('X-Auth-Token'))
  if (caller === undefined) throw unauthorized()
  return caller
}

// The order is Keystone's: first the caller, then whether the subject lives, then whether one may ask about it.
function callerAndSubject(
  call: Call,
  state: Identity,
  action: string,
  allowExpired: boolean,
): { readonly caller: Token; readonly subject: Token } {
  const caller = callerOf(call, state)
  const id = call.header('X-Subject-Token')
  if (id === undefined || id === '') throw new Refusal(404, 'No token in the request')
  const subject = state.tokens.find(id)
  if (subject === undefined) throw new Refusal(404, 'Could not recognize Fernet token')
  const recent = allowExpired && !subject.revoked && subject.expiresAt + toldAfterEnd > state.now()
  if (state.live(id) === undefined && !recent) throw new Refusal(404, 'Failed to validate token')
  if (!mayAsk(caller, subject, action)) throw forbidden(action)
  return { caller, subject }
}

// The token of a trust acts as the trustor and stays the trustee's, so it may not even ask about itself:
// seen on Keystone 22.
function mayAsk(caller: Token, subject: Token, action: string): boolean {
  if (caller.user === (subject.trust?.trustee ?? subject.user) || hasRole(caller, 'admin')) return true
  if (action === 'identity:revoke_token') return false
  return hasRole(caller, 'service') || (caller.scope.kind === 'system' && hasRole(caller, 'reader'))
}

/** Whether the token carries a role of that name. */
export function hasRole(token: Token, name: string): boolean {
  return token.roles.some((role) => role.name === name)
}

function shown(status: number, token: Token, call: Call, state: Identity): Reply {
  const headers: Header[] = [['X-Subject-Token', token.id]]
  const shape = { isNew: status === 201, withCatalog: !call.query.has('nocatalog') }
  return json(status, { token: tokenBody(token, state, shape) }, headers)
}
