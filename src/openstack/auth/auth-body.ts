import type { Credentials, IdentityMethod, IdOrName, InDomain, Scope } from '../../model/cloud.ts'

type Keystone = Pick<Extract<Credentials, { kind: 'keystone' }>, 'methods' | 'scope'>

/** The body of `POST /v3/auth/tokens`. https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management */
export function authBody({ methods, scope }: Keystone): { readonly auth: Readonly<Record<string, unknown>> } {
  const identity: Record<string, unknown> = { methods: methods.map(({ kind }) => kind) }
  for (const method of methods) identity[method.kind] = methodBody(method)
  // An application credential knows its project; Keystone refuses a scope beside it.
  const scoped = methods.some(({ kind }) => kind === 'application_credential') ? undefined : scopeBody(scope)
  return { auth: { identity, ...(scoped !== undefined && { scope: scoped }) } }
}

/** The JSON pointers of the secrets in that body. */
export function secretPointers({ methods }: Pick<Keystone, 'methods'>): readonly string[] {
  return methods.map(({ kind }) => `/auth/identity/${kind}/${secretKeys[kind]}`)
}

const secretKeys: Readonly<Record<IdentityMethod['kind'], string>> = {
  password: 'user/password',
  totp: 'user/passcode',
  token: 'id',
  application_credential: 'secret',
}

function methodBody(method: IdentityMethod): Readonly<Record<string, unknown>> {
  switch (method.kind) {
    case 'password':
      return { user: { ...inDomain(method.user), password: method.password } }
    case 'totp':
      return { user: { ...inDomain(method.user), passcode: method.passcode } }
    case 'token':
      return { id: method.token }
    case 'application_credential':
      return method.credential.id !== undefined
        ? { id: method.credential.id, secret: method.secret }
        : {
            name: method.credential.name,
            ...(method.user && { user: inDomain(method.user) }),
            secret: method.secret,
          }
    default:
      return method satisfies never
  }
}

function scopeBody(scope: Scope): unknown {
  switch (scope.kind) {
    case 'default':
      return undefined
    case 'unscoped':
      return 'unscoped'
    case 'project':
      return { project: inDomain(scope.project) }
    case 'domain':
      return { domain: idOrName(scope.domain) }
    case 'system':
      return { system: { all: true } }
    case 'trust':
      return { 'OS-TRUST:trust': { id: scope.id } }
    default:
      return scope satisfies never
  }
}

// The id wins; a name is only unique within its domain.
function inDomain(thing: InDomain): Readonly<Record<string, unknown>> {
  if (thing.id !== undefined) return { id: thing.id }
  return { name: thing.name, ...(thing.domain && { domain: idOrName(thing.domain) }) }
}

function idOrName({ id, name }: IdOrName): Readonly<Record<string, unknown>> {
  return id !== undefined ? { id } : { name }
}
