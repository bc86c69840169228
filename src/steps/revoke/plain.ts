import { curlCommand } from '../../export/plain/curl-command.ts'
import { textLines } from '../../export/plain/expectations.ts'
import { keystoneUrl, tokenText } from '../../export/plain/read.ts'
import type { PlainVerb } from '../../export/plain/writing.ts'
import { revokeRequest, validateRequest } from '../../openstack/auth/token-requests.ts'
import { variableOf } from '../../util/environment-name.ts'

/** The revocation and its proof; that of the last step is left to the end of the script, which does the same. */
export const plain: PlainVerb = async (writing) => {
  const { state, step, uses, line } = writing
  const { revocation } = await writing.symbolic()
  const [only] = revocation?.token === undefined ? [] : state.placeholders.cut(revocation.token)
  const revoked = revocation?.token === undefined ? 'token' : typeof only === 'object' ? only.read.name : ''
  if (writing.isLast && revoked === 'token' && state.tokens.has('token')) {
    line('# The trap does this, as at any other end.')
    return
  }
  const at = step.at
  const token = revocation?.token ?? tokenText(state, 'token', at)
  const keystone = keystoneUrl(state, at)
  const silent = { body: undefined, head: false, status: false, fails: true }
  curlCommand(revokeRequest(keystone, { token, subject: token }), silent, writing)
  const other = [...state.tokens].findLast((name) => name !== variableOf(revoked))
  const asker = other === undefined ? token : tokenText(state, other, at)
  const proof = validateRequest(keystone, { token: asker, subject: token, method: 'HEAD' })
  curlCommand(proof, { body: undefined, head: true, status: true, fails: false }, writing)
  if (uses.headers) line('tr -d \'\\r\' <"$work/head" >"$work/headers"')
  line(...textLines([401, 404], { subject: 'status', variable: 'status', at }, writing.word))
}
