import type { PlanState, PlanVerb, VerbPlan } from '../../export/plan/plan-verb.ts'
import type { SymbolicStep } from '../../export/symbolic-step.ts'
import { noAnswer } from '../../export/symbolic-step.ts'
import type { Credentials } from '../../model/cloud.ts'
import type { HttpRequest } from '../../model/exchange.ts'
import type { Position } from '../../model/problem.ts'
import { tokenRequest } from '../../openstack/auth/authenticate.ts'
import { findIdentityUrl } from '../../openstack/auth/identity-url.ts'

type Keystone = Extract<Credentials, { readonly kind: 'keystone' }>

/** The request for a token, after the one that asks for Keystone's own URL where that is needed. */
export const explain: PlanVerb = async ({ step, state, symbolic }) => {
  const { authentication } = await symbolic()
  if (authentication === undefined) return {}
  const { credentials, options } = authentication
  const { variable: name, keep, catalog } = options
  if (credentials.kind !== 'keystone') {
    setStaticToken(state, credentials, step.at)
    return { does: ['asks nobody: this cloud has no Keystone'] }
  }
  const { identityUrl, requests, remarks } = await identityOf(credentials.authUrl, state)
  const text = variable(name, state, step.at)
  state.tokens.push({ variable: name, text, identityUrl, keep, isRevoked: false })
  state.names.know([name, 'identity_url'], identityUrl)
  if (name === 'token') state.hasToken = true
  const url = `${identityUrl}/auth/tokens${catalog ? '' : '?nocatalog'}`
  return {
    requests: [...requests, tokenRequest(url, credentials)],
    remarks: [
      ...remarks,
      ...(credentials.methods.length > 1 ? [severalMethods] : []),
      ...(isShared(authentication, state) ? [sharedToken] : []),
    ],
  }
}

// One of the cloud's own user; no other recipe has what a step asks for in its own way.
function isShared(
  { credentials, options }: NonNullable<SymbolicStep['authentication']>,
  { cloud, sharesTokens }: PlanState,
): boolean {
  const methods = (one: Credentials): string => JSON.stringify(one.kind === 'keystone' ? one.methods : [])
  const isOwn = methods(credentials) === methods(cloud.credentials)
  return sharesTokens && isOwn && !options.fresh && !options.keep
}

const sharedToken =
  'Recipes of one run share such a token: the first one gets it, and it is revoked after the last.'

const severalMethods =
  'Where Keystone answers with a receipt, the methods that it still wants are sent with it.'

async function identityOf(
  authUrl: string,
  { names, cloud, isKnownCloud }: PlanState,
): Promise<{ readonly identityUrl: string } & Required<Pick<VerbPlan, 'requests' | 'remarks'>>> {
  const isOwn = cloud.credentials.kind === 'keystone' && cloud.credentials.authUrl === authUrl
  if ((isOwn && !isKnownCloud) || typeof names.cut(authUrl)[0] === 'object') {
    const remarks = ['The URL is taken to end in /v3; where it does not, the run asks Keystone first.']
    return { identityUrl: authUrl, requests: [], remarks }
  }
  const requests: HttpRequest[] = []
  const identityUrl = await findIdentityUrl(authUrl, async (asked) => {
    requests.push(asked)
    return { ...noAnswer, status: 404 }
  })
  const remarks =
    requests.length === 0
      ? []
      : ["Keystone's first answer may name another URL than the one that ends in /v3."]
  return { identityUrl, requests, remarks }
}

// As the run does: https://docs.openstack.org/keystoneauth/latest/authentication-plugins.html
function setStaticToken(state: PlanState, credentials: Exclude<Credentials, Keystone>, at: Position): void {
  if (credentials.kind === 'none') state.names.know(['token'], 'notused')
  else if (credentials.kind === 'admin_token') state.names.know(['token'], credentials.token)
  else state.basic = variable('basic_credentials', state, at)
}

function variable(name: string, { names }: PlanState, at: Position): string {
  return names.add({ read: { kind: 'read', path: [name], name, offset: 0, length: 0 }, form: 'text', at })
}
