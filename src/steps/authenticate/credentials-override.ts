import type { Credentials, IdentityMethod, IdOrName, InDomain, Scope } from '../../model/cloud.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Json } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import { isMapping, textOf } from '../input.ts'

type Keystone = Extract<Credentials, { kind: 'keystone' }>

/** The cloud's credentials with what one `authenticate` step says instead. Learns the step's secrets. */
export function overrideCredentials(raw: Record<string, unknown>, context: StepContext): Credentials {
  const { cloud } = context
  if (cloud === undefined)
    throw new OsrunError('CLOUD_MISSING', phrase`There is no cloud to authenticate at.`)
  for (const key of ['password', 'token', 'passcode']) learn(raw[key], [key], context)
  const credential = raw['application-credential']
  if (isMapping(credential)) learn(credential.secret, ['application-credential', 'secret'], context)
  const input = context.renderFilled(raw as Json) as Record<string, unknown>
  if (Object.keys(input).every((key) => ['as', 'keep', 'nocatalog'].includes(key))) return cloud.credentials
  if (cloud.credentials.kind !== 'keystone')
    throw new OsrunError(
      'CLOUD_INVALID',
      phrase`The cloud's auth_type ${cloud.credentials.kind} knows no scope, user or method.`,
    )
  const { scope } = cloud.credentials
  const authUrl = input['auth-url'] === undefined ? cloud.credentials.authUrl : textOf(input['auth-url'])
  context.permitReads(authUrl, raw as Json)
  const isOwn = authUrl === cloud.credentials.authUrl || context.mayReceiveCredentials(authUrl)
  const methods = methodsOf(input, {
    own: cloud.credentials,
    permit(what) {
      if (!isOwn) context.permitOrigin(authUrl, `The cloud's own ${what}`, ['auth-url'])
    },
  })
  const byCredential = methods.some(({ kind }) => kind === 'application_credential')
  return {
    kind: 'keystone',
    authUrl,
    methods,
    scope:
      input.scope !== undefined
        ? scopeOf(input.scope, cloud.credentials)
        : byCredential
          ? { kind: 'default' }
          : scope,
  }
}

function learn(template: unknown, path: readonly string[], context: StepContext): void {
  if (typeof template !== 'string') return
  const name = /^\$\{([A-Za-z_][\w-]*)\}$/.exec(template)?.[1] ?? /^\$\{env\.(\w+)\}$/.exec(template)?.[1]
  context.learnSecret(context.renderText(template, path), name)
}

/** The cloud's own credentials, and who refuses that one of them goes to the Keystone that is asked. */
type Own = { readonly own: Keystone; permit(what: string): void }

function methodsOf(input: Record<string, unknown>, given: Own): readonly IdentityMethod[] {
  const { own } = given
  const wanted = input.method
  const kinds =
    wanted !== undefined
      ? [wanted].flat().map(textOf)
      : input['application-credential'] !== undefined
        ? ['application_credential']
        : input.token !== undefined
          ? ['token']
          : own.methods.map(({ kind }) => kind)
  return kinds.map((kind) => methodOf(kind, input, given))
}

function methodOf(kind: string, input: Record<string, unknown>, { own, permit }: Own): IdentityMethod {
  const find = <K extends IdentityMethod['kind']>(wanted: K) =>
    own.methods.find((method): method is Extract<IdentityMethod, { kind: K }> => method.kind === wanted)
  const kept = <T>(value: T | undefined, what: string): T => {
    if (value !== undefined) permit(what)
    return need(value, what)
  }
  const user = userOf(input.user, find('password')?.user ?? find('totp')?.user)
  switch (kind) {
    case 'password':
      return {
        kind,
        user: need(user, 'user'),
        password: optional(input.password) ?? kept(find('password')?.password, 'password'),
      }
    case 'token':
      return { kind, token: optional(input.token) ?? kept(find('token')?.token, 'token') }
    case 'totp':
      return {
        kind,
        user: need(user, 'user'),
        passcode: optional(input.passcode) ?? kept(find('totp')?.passcode, 'passcode'),
      }
    default: {
      const given = input['application-credential']
      if (!isMapping(given)) return kept(find('application_credential'), 'application-credential')
      const named = given.id === undefined
      return {
        kind: 'application_credential',
        credential: named ? { name: textOf(given.name) } : { id: textOf(given.id) },
        ...(named && { user: need(userOf(given.user, user), 'application-credential.user') }),
        secret: textOf(given.secret),
      }
    }
  }
}

function optional(value: unknown): string | undefined {
  return value === undefined ? undefined : textOf(value)
}

function need<T>(value: T | undefined, key: string): T {
  if (value !== undefined) return value
  throw new OsrunError(
    'CLOUD_INCOMPLETE',
    phrase`The method needs \`${key}\`, which neither the step nor the cloud gives.`,
  )
}

function userOf(value: unknown, own: InDomain | undefined): InDomain | undefined {
  return value === undefined ? own : inDomain(value, own?.domain)
}

function inDomain(value: unknown, domain: IdOrName | undefined): InDomain {
  if (!isMapping(value)) return { name: textOf(value), ...(domain && { domain }) }
  if (value.id !== undefined) return { id: textOf(value.id) }
  const own = value.domain === undefined ? domain : idOrName(value.domain)
  return { name: textOf(value.name), ...(own && { domain: own }) }
}

// A domain written as a plain word is a name; ids are written as such.
function idOrName(value: unknown): IdOrName {
  if (!isMapping(value)) return { name: textOf(value) }
  return value.id === undefined ? { name: textOf(value.name) } : { id: textOf(value.id) }
}

function scopeOf(value: unknown, own: Keystone): Scope {
  if (value === 'unscoped' || value === 'system' || value === 'default') return { kind: value }
  if (!isMapping(value)) return own.scope
  if (value.project !== undefined) {
    const domain =
      own.scope.kind === 'project'
        ? own.scope.project.domain
        : own.methods.flatMap((m) => ('user' in m && m.user?.domain ? [m.user.domain] : []))[0]
    return { kind: 'project', project: inDomain(value.project, domain) }
  }
  if (value.domain !== undefined) return { kind: 'domain', domain: idOrName(value.domain) }
  if (value.trust !== undefined) return { kind: 'trust', id: textOf(value.trust) }
  return { kind: 'system' }
}
