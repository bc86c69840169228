import { createHmac, randomBytes } from 'node:crypto'
import type { Answer, Asked } from './answer.ts'
import { json } from './answer.ts'
import type { ApplicationCredential, IdentityStore, IssuedToken, TokenScope } from './identity-store.ts'
import { trustById, userById } from './identity-store.ts'
import { badRequest, forbidden, KeystoneError, unauthorized } from './keystone-errors.ts'
import type { User } from './seed.ts'
import { domains, projects, users } from './seed.ts'

/** Who was recognised, by which methods, and what that brings along. */
type Recognised = {
  readonly user: User
  readonly methods: readonly string[]
  readonly parent?: IssuedToken
  readonly applicationCredential?: ApplicationCredential
}

type Fields = Readonly<Record<string, unknown>>

/** `POST /v3/auth/tokens`: a new token, or Keystone's error. */
export function authenticate(asked: Asked, store: IdentityStore): IssuedToken | Answer {
  const auth = fieldsOf(parse(asked.body).auth)
  if (auth === undefined) throw badRequest('Expecting to find auth in request body.')
  const identity = fieldsOf(auth.identity)
  if (identity === undefined)
    throw badRequest("'identity' is a required property\n\nFailed validating 'required' in schema")
  if (!Array.isArray(identity.methods))
    throw badRequest("'methods' is a required property\n\nFailed validating 'required' in schema")
  const receipt = store.receipts.get(asked.header('Openstack-Auth-Receipt') ?? '')
  const recognised = recognise(identity, identity.methods.map(String), store)
  if (receipt !== undefined && (receipt.expiresAt <= store.now() || receipt.user !== recognised.user))
    throw unauthorized()
  const methods = [...new Set([...(receipt?.methods ?? []), ...recognised.methods])]
  if (
    recognised.user.totpKey !== undefined &&
    !methods.includes('token') &&
    !(methods.includes('password') && methods.includes('totp'))
  )
    return receiptAnswer(recognised.user, methods, store)
  const { scope, trust } = scopeFor(auth.scope, { ...recognised, methods })
  const { parent, user, applicationCredential } = recognised
  const all = parent === undefined ? methods : [...new Set(['token', ...parent.methods])]
  return store.issue(
    {
      user,
      scope,
      methods: all,
      ...(applicationCredential && { applicationCredential }),
      ...(trust !== undefined && { trust }),
      // A token made of a token never lives longer than its parent.
      ...(parent && { expiresAt: parent.expiresAt }),
    },
    parent?.auditIds.at(-1),
  )
}

function parse(body: Buffer): Fields {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    const fields = fieldsOf(value)
    if (fields !== undefined) return fields
  } catch {
    throw badRequest('Expecting to find valid JSON in request body.')
  }
  throw badRequest('Expecting to find valid JSON in request body.')
}

function recognise(identity: Fields, methods: readonly string[], store: IdentityStore): Recognised {
  let found: Recognised | undefined
  for (const method of methods) {
    const input = fieldsOf(identity[method])
    if (!known.includes(method))
      throw unauthorized('Attempted to authenticate with an unsupported method.', {
        identity: { methods: supported },
      })
    if (input === undefined) throw badRequest(`Expecting to find ${method} in identity.`)
    const one = byMethod(method, input, store)
    if (found !== undefined && found.user !== one.user) throw unauthorized()
    found = { ...found, ...one, methods: [...(found?.methods ?? []), method] }
  }
  if (found === undefined) throw unauthorized()
  return found
}

const known = ['password', 'token', 'application_credential', 'totp']
const supported = ['external', 'password', 'token', 'oauth1', 'mapped', 'application_credential']

function byMethod(method: string, input: Fields, store: IdentityStore): Omit<Recognised, 'methods'> {
  switch (method) {
    case 'token': {
      const parent = typeof input.id === 'string' ? store.live(input.id) : undefined
      if (parent === undefined) throw new KeystoneError(404, 'Could not recognize Fernet token')
      if (parent.applicationCredential !== undefined || parent.trust !== undefined)
        throw forbidden('Using a delegated token to create another token is not allowed.')
      return { user: parent.user, parent }
    }
    case 'application_credential':
      return byApplicationCredential(input, store)
    default: {
      const given = fieldsOf(input.user)
      if (given === undefined) throw badRequest('Expecting to find user in password.')
      const user = findUser(given)
      const right =
        method === 'totp'
          ? user !== undefined && isCode(user, given.passcode, store.now())
          : user?.password === given.password
      if (user === undefined || !user.enabled || !right) throw unauthorized()
      return { user }
    }
  }
}

function byApplicationCredential(input: Fields, store: IdentityStore): Omit<Recognised, 'methods'> {
  const owner = fieldsOf(input.user)
  const found =
    typeof input.id === 'string'
      ? store.applicationCredentials.get(input.id)
      : [...store.applicationCredentials.values()].find(
          ({ name, userId }) => name === input.name && userId === (owner && findUser(owner)?.id),
        )
  if (found === undefined)
    throw new KeystoneError(404, `Could not find Application Credential: ${String(input.id ?? input.name)}.`)
  const user = userById(found.userId)
  const expired = found.expiresAt !== null && Date.parse(found.expiresAt) <= store.now()
  if (user === undefined || found.secret !== input.secret || expired) throw unauthorized()
  return { user, applicationCredential: found }
}

function findUser(given: Fields): User | undefined {
  if (typeof given.id === 'string') return userById(given.id)
  if (typeof given.name !== 'string')
    throw badRequest("Invalid input for field 'identity/password/user': id or name must be present.")
  const domain = fieldsOf(given.domain)
  if (domain === undefined) throw badRequest('Expecting to find domain in user.')
  const id = domainId(domain)
  return users.find((user) => user.name === given.name && user.domain.id === id)
}

function domainId(given: Fields): string | undefined {
  return domains.find(({ id, name }) => (given.id !== undefined ? id === given.id : name === given.name))?.id
}

// RFC 6238: six digits of HMAC-SHA1 over the number of 30 s steps; the step before is taken too.
function isCode(user: User, passcode: unknown, now: number): boolean {
  const { totpKey } = user
  if (totpKey === undefined) return false
  const step = Math.floor(now / 30_000)
  return [step, step - 1].some((counter) => totpCode(totpKey, counter) === passcode)
}

/** The one-time code of a 30-second step. */
export function totpCode(key: Buffer, counter: number): string {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(counter))
  const digest = createHmac('sha1', key).update(message).digest()
  const offset = (digest.at(-1) ?? 0) & 0xf
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function receiptAnswer(user: User, methods: readonly string[], store: IdentityStore): Answer {
  const id = `gAAAAA${randomBytes(90).toString('base64url')}`
  const expiresAt = store.now() + 300_000
  store.receipts.set(id, { user, methods, expiresAt })
  const iso = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}.000000Z`
  const receipt = {
    methods,
    user: { id: user.id, name: user.name, domain: user.domain },
    expires_at: iso(expiresAt),
    issued_at: iso(store.now()),
  }
  return json(
    401,
    { receipt, required_auth_methods: [['totp', 'password']] },
    [['Openstack-Auth-Receipt', id]],
    'UNAUTHORIZED',
  )
}

function scopeFor(
  given: unknown,
  recognised: Recognised,
): { readonly scope: TokenScope; readonly trust?: string } {
  const { user, applicationCredential } = recognised
  if (applicationCredential !== undefined) {
    if (given !== undefined)
      throw unauthorized(
        'Error authenticating with application credential: Application credentials cannot request a scope.',
        { identity: {} },
      )
    const { projectId: id, roles } = applicationCredential
    return { scope: { kind: 'project', id, roles } }
  }
  if (given === 'unscoped') return { scope: { kind: 'unscoped' } }
  if (given === undefined) {
    const own = user.defaultProject
    return {
      scope:
        own === undefined
          ? { kind: 'unscoped' }
          : { kind: 'project', id: own, roles: user.roles[`project:${own}`] ?? [] },
    }
  }
  const wanted = fieldsOf(given)
  const keys = Object.keys(wanted ?? {})
  if (wanted === undefined || keys.length !== 1)
    throw badRequest('Expecting to find exactly one of project, domain, system or OS-TRUST:trust in scope.')
  const project = fieldsOf(wanted.project)
  if (project !== undefined) return { scope: granted('project', projectId(project), user) }
  const domain = fieldsOf(wanted.domain)
  if (domain !== undefined) return { scope: granted('domain', domainId(domain), user) }
  const trust = fieldsOf(wanted['OS-TRUST:trust'])
  if (trust !== undefined) {
    const found = typeof trust.id === 'string' ? trustById(trust.id) : undefined
    if (found === undefined || found.trustee !== user.id) throw unauthorized()
    return { scope: { kind: 'project', id: found.project, roles: found.roles }, trust: found.id }
  }
  const own = user.roles.system
  if (fieldsOf(wanted.system)?.all !== true || own === undefined) throw unauthorized()
  return { scope: { kind: 'system', roles: own } }
}

function granted(kind: 'project' | 'domain', id: string | undefined, user: User): TokenScope {
  const own = id === undefined ? undefined : user.roles[`${kind}:${id}`]
  if (id === undefined || own === undefined) throw unauthorized()
  return { kind, id, roles: own }
}

function projectId(given: Fields): string | undefined {
  if (given.id !== undefined) return projects.find(({ id }) => id === given.id)?.id
  const domain = fieldsOf(given.domain)
  if (domain === undefined) throw badRequest('Expecting to find domain in project.')
  const inDomain = domainId(domain)
  return projects.find(({ name, domain: own }) => name === given.name && own.id === inDomain)?.id
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}
