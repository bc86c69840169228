import type { Cloud, Credentials } from '../../model/cloud.ts'
import type { IssuedToken } from '../../model/step.ts'
import { refuseUnknownRegion } from '../../openstack/catalog/endpoint.ts'
import type { Logins } from './logins.ts'
import type { SharedTokens } from './shared-tokens.ts'
import type { KeptToken, SendForToken, TokenKeeper } from './token-keeper.ts'
import { isRepeatable } from './token-keeper.ts'

/** A token to be asked for; one that is kept already is asked for anew. */
export type AskedToken = Pick<KeptToken, 'credentials' | 'request'> & { readonly id?: string }

/** Who keeps tokens: the run, and the suite that it belongs to. */
type Keepers = {
  readonly cloud: Cloud | undefined
  readonly keeper: TokenKeeper
  readonly shared: SharedTokens | undefined
  /** The logins of the suite, and the run that this one is of. */
  readonly logins: { readonly of: Logins; readonly run: string } | undefined
}

/** Gets a token from Keystone, or the one that other runs of the suite got with the same credentials. */
export async function issueToken(
  asked: AskedToken,
  keepers: Keepers,
  send: SendForToken,
): Promise<IssuedToken> {
  const { logins, cloud } = keepers
  if (logins === undefined) return issueFor(asked, keepers, send)
  return logins.of.once(logins.run, asked.credentials, async () => {
    const issued = await issueFor(asked, keepers, send)
    // What fits no recipe is told once, as a login that fails.
    if (cloud !== undefined && asked.credentials === cloud.credentials)
      refuseUnknownRegion(cloud, issued.token.catalog ?? [])
    return issued
  })
}

async function issueFor(
  asked: AskedToken,
  { keeper, shared }: Keepers,
  send: SendForToken,
): Promise<IssuedToken> {
  const { credentials, request } = asked
  if (shared === undefined || request.fresh || request.keep || !isShareable(credentials))
    return keeper.issue(credentials, request, send)
  const issued = await shared.issue(credentials, request, send, asked.id)
  keeper.adopt(credentials, request, issued.token)
  return issued
}

// A trust's token cannot be revoked by itself, so the run that made it sees to that.
function isShareable(credentials: Credentials): boolean {
  return isRepeatable(credentials) && credentials.kind === 'keystone' && credentials.scope.kind !== 'trust'
}
