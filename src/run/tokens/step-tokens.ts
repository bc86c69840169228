import { headerLine } from '../../http/curl-line/paste.ts'
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { headerOf, loginTimeout } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Json, RecipeStep } from '../../model/recipe.ts'
import type { IssuedToken, StepContext } from '../../model/step.ts'
import type { Catalog, Token } from '../../model/token.ts'
import { describeScope } from '../../openstack/auth/describe-scope.ts'
import { lifeOf } from '../../openstack/auth/token-life.ts'
import { ownText } from '../../recipe/template/render-template.ts'
import type { Values } from '../recipe/values.ts'
import { type Errand, loginVariable } from '../send/link.ts'
import type { RunParts } from '../step/run-parts.ts'
import type { AskedToken } from './issue-token.ts'
import { issueToken } from './issue-token.ts'
import { graceForLogin } from './login-grace.ts'
import { proveRevoked, revokeToken, trusteeOf } from './revocation.ts'

/** What the token part of a step's context takes of the rest. */
export type StepTokenParts = {
  readonly parts: RunParts
  readonly step: RecipeStep
  readonly signal: AbortSignal
  /** What the step's requests are sent for. */
  readonly errand: Errand
  /** Makes an answer the last one. */
  keep(response: HttpResponse): HttpResponse
  notice(message: string): void
}

/** What a step does with tokens. */
export type StepTokens = Pick<
  StepContext,
  'authenticate' | 'revoke' | 'credentialHeaders' | 'mayReceiveToken'
> & {
  /** Gets a token, new or in the place of one that is kept, and sets its names. */
  issue(asked: AskedToken): Promise<IssuedToken>
}

/** Makes the part of a step's context that gets, shows and revokes tokens. */
export function createStepTokens(given: StepTokenParts): StepTokens {
  const { parts, step, signal, errand, keep, notice } = given
  const { values, keeper, masker } = parts
  const learnToken = (id: string, variable: string): void => masker.learn(id, variable.replaceAll('-', '_'))
  const issue = async (kept: AskedToken): Promise<IssuedToken> => {
    const login = loginVariable(kept.request.variable)
    using grace = graceForLogin(signal, step.timeout ?? loginTimeout)
    const before = parts.count.requests
    const issued = await issueToken(kept, parts, (request, onHead) =>
      parts.send(request, {
        errand,
        isForToken: true,
        ...(request.method === 'POST' && { keepAs: login }),
        timeout: grace.timeout,
        signal: grace.signal,
        onHead(status, headers) {
          onHead(status, headers)
          const id = headerOf(headers, 'X-Subject-Token')
          if (id !== undefined) masker.learn(id.trim())
        },
      }),
    )
    if (parts.count.requests === before && kept.credentials.kind === 'keystone')
      notice('This is the token that another recipe of the run got.')
    const { token } = issued
    const { variable } = kept.request
    learnToken(token.id, variable)
    values.set(variable, tokenValue(token))
    if (variable === 'token') values.set('catalog', token.catalog)
    const shown = {
      expires_at: typeof token.body.expires_at === 'string' ? token.body.expires_at : null,
      scope: describeScope(token.body),
      services: token.catalog?.length ?? 0,
    }
    const isNew = parts.count.requests > before && parts.kept.has(login)
    const paste = isNew ? { paste: headerLine(variable.replaceAll('-', '_'), login, 'X-Subject-Token') } : {}
    parts.emit({ type: 'context', step: step.id, name: variable, value: shown, isToken: true, ...paste })
    if (signal.aborted) throw signal.reason
    return issued
  }
  return {
    issue,
    async authenticate(credentials, request) {
      const issued = await issue({ credentials, request })
      if (issued.response) keep(issued.response)
      return issued
    },
    async revoke(given) {
      const id = given ?? currentToken(values)
      if (id === undefined)
        throw new OsrunError('VALUE_MISSING', phrase`There is no token to revoke.`, { at: step.at })
      if (keeper.isGiven(id))
        throw new OsrunError(
          'RECIPE_INVALID',
          phrase`This token was given to osrun, so osrun does not revoke it.`,
          {
            at: step.at,
            hint: phrase`Let the recipe authenticate, and revoke what it got.`,
          },
        )
      const kept = keeper.find(id)
      const identityUrl = kept?.identityUrl ?? keeper.tokens.at(-1)?.identityUrl
      if (identityUrl === undefined)
        throw new OsrunError('VALUE_MISSING', phrase`There is no Keystone to ask.`, { at: step.at })
      const timeout = step.timeout ?? loginTimeout
      const ask = (asked: HttpRequest): Promise<HttpResponse> =>
        parts.send(asked, { errand, isForToken: true, timeout, signal })
      const trustee = trusteeOf(kept)
      await revokeToken({ id, identityUrl }, ask, trustee && (async () => (await issue(trustee)).token.id))
      if (kept) kept.state = 'revoked'
      const asker = keeper.tokens.findLast(
        (other) => other.state === 'live' && other.identityUrl === identityUrl,
      )
      keep(await proveRevoked(id, identityUrl, asker, ask))
    },
    mayReceiveToken: (url, token = currentToken(values)) => keeper.mayReceiveToken(url, token),
    credentialHeaders() {
      const id = currentToken(values)
      if (id === undefined) return []
      if (parts.cloud?.credentials.kind === 'http_basic') return [['Authorization', `Basic ${id}`]]
      return [['X-Auth-Token', id]]
    },
  }
}

function currentToken(values: Values): string | undefined {
  const token = values.get('token')
  if (typeof token === 'string') return token
  const own = (token as { readonly [ownText]?: unknown } | undefined)?.[ownText]
  return typeof own === 'string' ? own : undefined
}

/** What `${token}` is: its own text, and its fields. */
function tokenValue(token: Token): { readonly [field: string]: unknown } {
  return {
    ...token.body,
    id: token.id,
    identity_url: token.identityUrl,
    life: lifeOf(token),
    clock_skew: token.clockSkew / 1000,
    issue_skew: token.issueSkew / 1000,
    catalog: token.catalog,
    endpoints: endpointsOf(token.catalog ?? []),
    [ownText]: token.id,
  }
}

/** Each endpoint of a catalog with its service, so that a step can ask them one by one. */
function endpointsOf(catalog: Catalog): readonly Json[] {
  return catalog.flatMap(({ type, name, endpoints }) =>
    endpoints.map((endpoint) => ({
      service: type,
      name,
      region: endpoint.region ?? '',
      interface: endpoint.interface,
      url: endpoint.url,
    })),
  )
}
