import { curlCommand } from '../../export/plain/curl-command.ts'
import { foldCommand } from '../../export/plain/layout.ts'
import { notPlain } from '../../export/plain/not-plain.ts'
import { keystoneUrl } from '../../export/plain/read.ts'
import type { PlainVerb } from '../../export/plain/writing.ts'
import { tokenRequest } from '../../openstack/auth/authenticate.ts'
import { variableOf } from '../../util/environment-name.ts'

/** The request for a token, whose body jq makes, and the token out of the answer's headers. */
export const plain: PlainVerb = async (writing) => {
  const { step, state, uses, line } = writing
  const asked = (await writing.symbolic()).authentication
  if (asked?.credentials.kind !== 'keystone') throw notPlain('This kind of cloud', step.at)
  const { credentials, options } = asked
  const own = state.cloud.credentials
  if (own.kind === 'keystone' && credentials.authUrl !== own.authUrl)
    throw notPlain('A Keystone of a step', step.at)
  const variable = variableOf(options.variable)
  if (state.tokens.has(variable)) throw notPlain('A second token of one name', step.at)
  const keystone = keystoneUrl(state, step.at)
  const url = `${keystone}/auth/tokens${options.catalog ? '' : '?nocatalog'}`
  state.body = `${variable}.json`
  state.isShown = false
  curlCommand(
    tokenRequest(url, credentials),
    { body: state.body, head: true, status: uses.status, fails: true },
    writing,
  )
  if (uses.headers) line('tr -d \'\\r\' <"$work/head" >"$work/headers"')
  line(
    ...foldCommand([
      `${variable}=$(grep -i '^x-subject-token:' "$work/head" |`,
      "cut -d' ' -f2 |",
      "tr -d '\\r')",
    ]),
  )
  state.kinds.set(variable, 'file')
  if (options.keep !== true) state.tokens.add(variable)
}
