import type { Json } from '../../model/recipe.ts'
import { wholeReference } from '../reference.ts'
import type { KnownCloud } from './known-cloud.ts'
import type { SecretInputs } from './secret-inputs.ts'

/** What `authenticate:` has to say for a recorded token request: null when the cloud says it all. */
export type LoginValue = { readonly [key: string]: Json } | null

/** What reading a login needs. */
export type LoginContext = {
  readonly secrets: SecretInputs
  readonly known: KnownCloud | undefined
  /** The reference for a token that the conversation has had before; undefined for another. */
  tokenOf(text: string): string | undefined
}

/**
 * Reads the body of `POST /v3/auth/tokens`. A user and a scope are written down where they differ from what
 * the cloud gives, which variables named `$OS_…` never do; a literal secret becomes an input.
 * https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management
 *
 * @returns undefined when the body cannot be read
 */
export function readLogin(body: string, context: LoginContext): LoginValue | undefined {
  let auth: Fields
  try {
    auth = fields(fields(JSON.parse(body) as unknown).auth)
  } catch {
    return undefined
  }
  if (auth.identity === undefined) return undefined
  const identity = fields(auth.identity)
  const methods = Array.isArray(identity.methods) ? identity.methods.filter((one) => known.has(one)) : []
  const value: { [key: string]: Json } = {}
  if (methods.includes('application_credential'))
    Object.assign(value, credential(fields(identity.application_credential), context))
  if (methods.includes('token')) {
    const id = text(fields(identity.token).id)
    if (!isOfCloud(id))
      value.token =
        context.tokenOf(id) ?? (wholeReference(id) ? id : context.secrets.take(id, 'parent-token'))
  }
  const user = fields(fields(identity.password).user)
  const person = Object.keys(user).length > 0 ? user : fields(fields(identity.totp).user)
  const isOwn = isSameUser(person, context.known)
  if (Object.keys(person).length > 0 && !isOwn) {
    const named = inDomain(person)
    if (named !== undefined) value.user = named
    const password = secretOf(text(user.password), 'password', context)
    if (password !== undefined) value.password = password
  }
  const passcode = secretOf(text(fields(fields(identity.totp).user).passcode), 'passcode', context)
  if (passcode !== undefined) value.passcode = passcode
  if (methods.length > 1) value.method = methods as Json
  const scope = scopeOf(auth.scope, context.known)
  if (scope !== undefined && !methods.includes('application_credential')) value.scope = scope
  return Object.keys(value).length === 0 ? null : value
}

const known: ReadonlySet<unknown> = new Set(['password', 'token', 'totp', 'application_credential'])

function credential(given: Fields, context: LoginContext): { readonly [key: string]: Json } {
  const name = text(given.id) || text(given.name)
  const secret = secretOf(text(given.secret), 'application-credential-secret', context)
  if (isOfCloud(name) && secret === undefined) return {}
  const user = inDomain(fields(given.user))
  return {
    'application-credential': {
      [text(given.id) ? 'id' : 'name']: name,
      secret: secret ?? text(given.secret),
      ...(user !== undefined && { user }),
    },
  }
}

/** A secret of a login as the recipe has it; undefined when the cloud's own is meant. */
function secretOf(value: string, name: string, { secrets }: LoginContext): string | undefined {
  if (value === '' || isOfCloud(value)) return undefined
  if (wholeReference(value) !== undefined) return value
  return secrets.take(value, name)
}

/** Whether a text is a variable that osrun itself takes from the environment. */
function isOfCloud(value: string): boolean {
  return wholeReference(value)?.startsWith('OS_') === true
}

function inDomain(thing: Fields): Json | undefined {
  if (text(thing.id) !== '') return isOfCloud(text(thing.id)) ? undefined : { id: text(thing.id) }
  const name = text(thing.name)
  const domain = fields(thing.domain)
  if (name === '' || (isOfCloud(name) && isUsual(domain))) return undefined
  const place = text(domain.id) ? { id: text(domain.id) } : text(domain.name)
  return Object.keys(domain).length === 0 ? { name } : { name, domain: place }
}

// Written literally in every guide, whatever the domain of the reader is.
function isUsual(domain: Fields): boolean {
  const given = text(domain.id) || text(domain.name)
  return given === '' || /^default$/i.test(given) || isOfCloud(given)
}

function isSameUser(user: Fields, cloud: KnownCloud | undefined): boolean {
  return cloud !== undefined && isSame(user, cloud.token.user)
}

type Thing = { readonly id: string; readonly name: string; readonly domain?: Thing }

function isSame(given: Fields, thing: Thing | undefined): boolean {
  if (thing === undefined) return false
  if (text(given.id) !== '') return text(given.id) === thing.id
  const domain = fields(given.domain)
  return text(given.name) === thing.name && (Object.keys(domain).length === 0 || isSame(domain, thing.domain))
}

function scopeOf(scope: unknown, cloud: KnownCloud | undefined): Json | undefined {
  if (scope === undefined) return 'default'
  if (scope === 'unscoped') return 'unscoped'
  const given = fields(scope)
  if (given.system !== undefined) return 'system'
  if (given.project !== undefined) {
    if (isSame(fields(given.project), cloud?.token.project)) return undefined
    const project = inDomain(fields(given.project))
    return project === undefined ? undefined : { project }
  }
  if (given.domain !== undefined) {
    const domain = fields(given.domain)
    return { domain: text(domain.id) ? { id: text(domain.id) } : text(domain.name) }
  }
  const trust = text(fields(given['OS-TRUST:trust']).id)
  return trust === '' ? undefined : { trust }
}

type Fields = Readonly<Record<string, unknown>>

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
