import type { PlanVerb } from '../../export/plan/plan-verb.ts'
import type { ShellNames } from '../../export/plan/shell-names.ts'
import { revokeRequest, validateRequest } from '../../openstack/auth/token-requests.ts'

/** The revocation and its proof. */
export const explain: PlanVerb = async ({ state, symbolic }) => {
  const { revocation } = await symbolic()
  const text = revocation?.token
  const token = state.tokens.findLast((one) =>
    text === undefined ? one.variable === 'token' : sameName(one.text, text, state.names),
  )
  const identityUrl = token?.identityUrl ?? state.tokens.at(-1)?.identityUrl
  if (identityUrl === undefined) return { remarks: ['There is no token of Keystone to revoke.'] }
  const subject = token?.text ?? text ?? ''
  if (token) token.isRevoked = true
  const asker = state.tokens.findLast((one) => !one.isRevoked && one.identityUrl === identityUrl)
  const proof = { token: asker?.text ?? subject, subject, method: 'HEAD' as const }
  return {
    requests: [revokeRequest(identityUrl, { token: subject, subject }), validateRequest(identityUrl, proof)],
    expects: [{ subject: 'status of the proof', expected: '401 or 404' }],
  }
}

function sameName(one: string, other: string, { cut }: ShellNames): boolean {
  const [a, b] = [cut(one)[0], cut(other)[0]]
  return typeof a === 'object' && typeof b === 'object' && a.read.name === b.read.name
}
