import type { Cloud, Credentials, IdentityMethod, IdOrName, InDomain, Scope } from '../../model/cloud.ts'
import type { Position } from '../../model/problem.ts'
import { cannotExport } from '../cannot-export.ts'
import type { Placeholders } from '../placeholder.ts'

type Keystone = Extract<Credentials, { readonly kind: 'keystone' }>

/** A variable of the environment that the credentials are read from. */
export type CloudVariable = {
  readonly name: string
  /** What it is when the environment does not say; a secret has none. */
  readonly value: string | undefined
}

/** A part of a cloud that nobody knows: the script finds it in its environment. */
const unknown = 'unknown\u0000'
const ownUser: InDomain = { name: unknown, domain: { name: unknown } }
const ownScope: Scope = { kind: 'project', project: { name: unknown, domain: { name: unknown } } }

/** Stands for the cloud when none was given: the script reads all of it from OS_* variables. */
export function unknownCloud(placeholders: Placeholders, at: Position): Cloud {
  return {
    name: undefined,
    credentials: {
      kind: 'keystone',
      authUrl: placeholderOf('OS_AUTH_URL', placeholders, at),
      methods: [{ kind: 'password', user: ownUser, password: unknown }],
      scope: ownScope,
    },
    region: undefined,
    interfaces: [],
    tls: { insecure: false },
    endpointOverrides: {},
    valueSources: [],
    files: [],
    notes: [],
  }
}

/** Whether these methods, or this scope, are those of the environment. */
export function isOwnMethods(methods: readonly IdentityMethod[]): boolean {
  const [only] = methods
  return (
    methods.length === 1 && only?.kind === 'password' && only.user === ownUser && only.password === unknown
  )
}

/** As `isOwnMethods`, for a scope. */
export function isOwnScope(scope: Scope): boolean {
  return scope === ownScope
}

/** Refuses what mixes a part of the environment's credentials into those of a step. */
export function refuseUnknown(value: unknown, at: Position): void {
  if (JSON.stringify(value)?.includes('unknown\\u0000'))
    throw cannotExport(
      'An `authenticate` that takes a part of its credentials from the cloud, when no cloud is named,',
      at,
      'Name the cloud as for a run: --cloud, --openrc or OS_* variables; or give id or domain in the step.',
    )
}

/**
 * The given cloud with a placeholder for each value of its credentials, read from the OS_* variable of that value; and
 * those variables, with what they are when the environment does not say.
 */
export function symbolicCloud(
  cloud: Cloud,
  placeholders: Placeholders,
  at: Position,
): { readonly cloud: Cloud; readonly variables: readonly CloudVariable[] } {
  const { credentials } = cloud
  if (credentials.kind !== 'keystone') throw cannotExport(`The auth type ${credentials.kind}`, at)
  const variables: CloudVariable[] = []
  const read = (name: string, value: string | undefined): string => {
    variables.push({ name, value })
    return placeholderOf(name, placeholders, at)
  }
  const domain = (prefix: string, { id, name }: IdOrName): IdOrName =>
    id !== undefined ? { id: read(`OS_${prefix}_ID`, id) } : { name: read(`OS_${prefix}_NAME`, name ?? '') }
  const thing = (id: string, name: string, prefix: string, one: InDomain): InDomain =>
    one.id !== undefined
      ? { id: read(id, one.id) }
      : { name: read(name, one.name ?? ''), ...(one.domain && { domain: domain(prefix, one.domain) }) }
  const user = (one: InDomain): InDomain => thing('OS_USER_ID', 'OS_USERNAME', 'USER_DOMAIN', one)
  const symbolic: Keystone = {
    kind: 'keystone',
    // The sandbox has another address each time.
    authUrl: read('OS_AUTH_URL', cloud.name === 'sandbox' ? undefined : credentials.authUrl),
    methods: credentials.methods.map((method): IdentityMethod => {
      switch (method.kind) {
        case 'password':
          return { ...method, user: user(method.user), password: read('OS_PASSWORD', undefined) }
        case 'totp':
          return { ...method, user: user(method.user), passcode: read('OS_PASSCODE', undefined) }
        case 'token':
          return { ...method, token: read('OS_TOKEN', undefined) }
        case 'application_credential': {
          const { id, name } = method.credential
          return {
            ...method,
            credential:
              id !== undefined
                ? { id: read('OS_APPLICATION_CREDENTIAL_ID', id) }
                : { name: read('OS_APPLICATION_CREDENTIAL_NAME', name ?? '') },
            ...(method.user && { user: user(method.user) }),
            secret: read('OS_APPLICATION_CREDENTIAL_SECRET', undefined),
          }
        }
        default:
          return method satisfies never
      }
    }),
    scope: symbolicScope(credentials.scope, thing, domain, read),
  }
  read('OS_REGION_NAME', cloud.region ?? '')
  read('OS_INTERFACE', cloud.interfaces.join(','))
  const { tls } = cloud
  for (const [name, value] of [
    ['OS_INSECURE', tls.insecure ? 'true' : undefined],
    ['OS_CACERT', tls.cacert],
    ['OS_CERT', tls.cert],
    ['OS_KEY', tls.key],
  ] as const)
    if (value !== undefined) read(name, value)
  return { cloud: { ...cloud, credentials: symbolic }, variables }
}

function symbolicScope(
  scope: Scope,
  thing: (id: string, name: string, prefix: string, one: InDomain) => InDomain,
  domain: (prefix: string, one: IdOrName) => IdOrName,
  read: (name: string, value: string) => string,
): Scope {
  switch (scope.kind) {
    case 'project':
      return { ...scope, project: thing('OS_PROJECT_ID', 'OS_PROJECT_NAME', 'PROJECT_DOMAIN', scope.project) }
    case 'domain':
      return { ...scope, domain: domain('DOMAIN', scope.domain) }
    case 'trust':
      return { ...scope, id: read('OS_TRUST_ID', scope.id) }
    case 'default':
    case 'unscoped':
    case 'system':
      return scope
    default:
      return scope satisfies never
  }
}

function placeholderOf(name: string, placeholders: Placeholders, at: Position): string {
  return placeholders.add({
    read: { kind: 'read', path: [name], name, offset: 0, length: 0 },
    form: 'value',
    at,
  })
}
