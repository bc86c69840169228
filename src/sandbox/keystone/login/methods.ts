import type { Fields } from '../body.ts'
import { fieldsOf, textOf } from '../body.ts'
import type { ApplicationCredential, Token } from '../identity/credentials.ts'
import type { Identity } from '../identity/identity.ts'
import type { Directory, Named, User } from '../people/people.ts'
import { forbidden, missing, Refusal, unauthorized } from '../refusal.ts'
import { isTotpCode } from './totp.ts'

/** Who was recognised, and what the method brings along. */
export type Proof = {
  readonly user: User
  readonly parent?: Token
  readonly credential?: ApplicationCredential
}

/** The methods that the sandbox says it takes, in Keystone's order. */
const allowed = ['external', 'password', 'token', 'oauth1', 'mapped', 'application_credential', 'totp']
const practised = ['password', 'token', 'application_credential', 'totp']

/** Follows each method of a login; all have to name the same user. */
export function proveUser(identity: Fields, methods: readonly string[], state: Identity): Proof {
  if (methods.length === 0) throw unauthorized()
  for (const method of methods) {
    if (identity[method] === undefined) throw missing(method, 'identity')
    if (!allowed.includes(method))
      throw new Refusal(401, 'Attempted to authenticate with an unsupported method.', {
        identity: { methods: allowed },
      })
    if (!practised.includes(method)) throw new Refusal(501, `The sandbox does not know the method ${method}.`)
  }
  const proofs = methods.map((method) => prove(method, fieldsOf(identity[method]) ?? {}, state))
  const [first] = proofs
  if (first === undefined || proofs.some(({ user }) => user !== first.user)) throw unauthorized()
  return Object.assign({}, ...proofs) as Proof
}

function prove(method: string, input: Fields, state: Identity): Proof {
  switch (method) {
    case 'token':
      return proveByToken(textOf(input.id) ?? '', state)
    case 'application_credential':
      return proveByCredential(input, state)
    default:
      return proveBySecret(method, input, state)
  }
}

function proveBySecret(method: string, input: Fields, state: Identity): Proof {
  const given = fieldsOf(input.user)
  if (given === undefined) throw missing('user', method)
  const user = findUser(given, state)
  if (user === undefined || !user.enabled) throw unauthorized()
  const right =
    method === 'password'
      ? user.secret?.isSame(given.password) === true
      : user.totpKey !== undefined && isTotpCode(given.passcode, user.totpKey, state.now())
  if (!right) throw unauthorized()
  return { user }
}

// A bad token in the body is 404, not 401: it is looked up as a thing, not taken as the caller's.
function proveByToken(id: string, state: Identity): Proof {
  if (state.tokens.find(id) === undefined) throw new Refusal(404, 'Could not recognize Fernet token')
  const parent = state.live(id)
  if (parent === undefined) throw new Refusal(404, 'Failed to validate token')
  // The real message ends in two dots as well.
  if (parent.applicationCredential || parent.trust)
    throw forbidden('Using a delegated token to create another token is not allowed.')
  return { user: parent.user, parent }
}

function proveByCredential(input: Fields, state: Identity): Proof {
  const id = textOf(input.id)
  const credential = id === undefined ? credentialByName(input, state) : state.credentials.get(id)
  if (credential === undefined)
    throw new Refusal(404, `Could not find Application Credential: ${id ?? textOf(input.name) ?? ''}.`)
  const expired = credential.expiresAt !== undefined && credential.expiresAt <= state.now()
  if (
    !credential.secret.isSame(input.secret) ||
    expired ||
    !credential.user.enabled ||
    !credential.project.enabled
  )
    throw unauthorized()
  return { user: credential.user, credential }
}

function credentialByName(input: Fields, state: Identity): ApplicationCredential | undefined {
  const name = textOf(input.name)
  if (name === undefined) throw missing('id or name', 'application_credential')
  const given = fieldsOf(input.user)
  if (given === undefined) throw missing('user', 'application_credential')
  const user = findUser(given, state)
  if (user === undefined) throw unauthorized()
  return [...state.credentials.values()].find((one) => one.user === user && one.name === name)
}

function findUser(given: Fields, { directory }: Identity): User | undefined {
  const id = textOf(given.id)
  const name = textOf(given.name)
  if (id !== undefined) return directory.users.get(id)
  if (name === undefined) throw missing('id or name', 'user')
  const domain = fieldsOf(given.domain)
  if (domain === undefined) throw missing('domain', 'user')
  const own = findDomain(domain, directory)
  return [...directory.users.values()].find((user) => user.name === name && user.domain === own)
}

/** The domain of that id or name. */
export function findDomain(given: Fields, { domains }: Directory): Named | undefined {
  const id = textOf(given.id)
  const name = textOf(given.name)
  if (id === undefined && name === undefined) throw missing('id or name', 'domain')
  return domains.find((domain) => (id === undefined ? domain.name === name : domain.id === id))
}
