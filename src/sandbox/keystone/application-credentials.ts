import { randomBytes, randomUUID } from 'node:crypto'
import type { Call } from '../call.ts'
import type { Reply } from '../reply.ts'
import { noContent, resource } from './answer.ts'
import type { Fields } from './body.ts'
import { fieldsOf, readJson, textOf } from './body.ts'
import type { ApplicationCredential, Token } from './identity/credentials.ts'
import type { Identity } from './identity/identity.ts'
import { microsecondTime } from './identity/identity.ts'
import { credentialRecord } from './identity/records.ts'
import { secretOf } from './identity/secret.ts'
import { callerOf, hasRole } from './login/tokens.ts'
import { accessRulesIn, keepAccessRules } from './people/access-rules.ts'
import type { Named } from './people/people.ts'
import { forbidden, missing, noTime, Refusal } from './refusal.ts'

/** `POST /v3/users/{id}/application_credentials`: the only answer that shows the secret. */
export async function createCredential(call: Call, state: Identity, userId: string): Promise<Reply> {
  const caller = callerOf(call, state)
  if (caller.user.id !== userId) throw forbidden('identity:create_application_credential')
  const given = fieldsOf((await readJson(call))?.application_credential)
  if (given === undefined) throw missing('application_credential', 'request body')
  refuseRestricted(caller)
  if (caller.scope.kind !== 'project') throw missing('project', 'token scope')
  const name = textOf(given.name)
  if (name === undefined) throw invalid('name', "'name' is a required property")
  if ([...state.credentials.values()].some((one) => one.user.id === userId && one.name === name))
    throw new Refusal(
      409,
      `Conflict occurred attempting to store application_credential - Duplicate entry found with name ${name}.`,
    )
  const secret = textOf(given.secret) ?? randomBytes(64).toString('base64url')
  const credential: ApplicationCredential = {
    id: randomUUID().replaceAll('-', ''),
    name,
    description: textOf(given.description),
    secret: secretOf(secret),
    user: caller.user,
    project: caller.scope.project,
    roles: wantedRoles(given.roles, caller),
    unrestricted: given.unrestricted === true,
    accessRules: accessRulesIn(given.access_rules, userId, state),
    expiresAt: expiry(given, state),
  }
  keepAccessRules(credential.accessRules ?? [], userId, state)
  state.credentials.set(credential.id, credential)
  state.keeper?.note(['credential', credential.id], credentialRecord(credential))
  return resource(201, { application_credential: describe(credential, state, secret) })
}

/** `GET /v3/users/{id}/application_credentials`. */
export function listCredentials(call: Call, state: Identity, userId: string): Reply {
  ownerOnly(callerOf(call, state), userId, 'identity:list_application_credentials')
  const name = call.query.get('name')
  const own = [...state.credentials.values()].filter(
    (one) => one.user.id === userId && (name === undefined || one.name === name),
  )
  const self = `${state.base}/identity/v3/users/${userId}/application_credentials`
  return resource(200, {
    application_credentials: own.map((one) => describe(one, state)),
    links: { next: null, self, previous: null },
  })
}

/** `GET /v3/users/{id}/application_credentials/{id}`. */
export function showCredential(call: Call, state: Identity, userId: string, id: string): Reply {
  ownerOnly(callerOf(call, state), userId, 'identity:get_application_credential')
  return resource(200, { application_credential: describe(find(state, userId, id), state) })
}

/** `DELETE /v3/users/{id}/application_credentials/{id}`: its tokens go with it. */
export function deleteCredential(call: Call, state: Identity, userId: string, id: string): Reply {
  const caller = callerOf(call, state)
  if (caller.user.id !== userId && !hasRole(caller, 'admin'))
    throw forbidden('identity:delete_application_credential')
  refuseRestricted(caller)
  const credential = find(state, userId, id)
  state.credentials.delete(id)
  state.keeper?.note(['credential', id], undefined)
  state.tokens.revokeWhere((token) => token.applicationCredential === credential)
  return noContent()
}

function ownerOnly(caller: Token, userId: string, action: string): void {
  const reads = caller.scope.kind === 'system' && hasRole(caller, 'reader')
  if (caller.user.id !== userId && !reads && !hasRole(caller, 'admin')) throw forbidden(action)
}

function refuseRestricted({ applicationCredential }: Token): void {
  if (applicationCredential && !applicationCredential.unrestricted)
    throw forbidden(
      "Using method 'application_credential' is not allowed for managing additional application credentials.",
    )
}

function find(state: Identity, userId: string, id: string): ApplicationCredential {
  const credential = state.credentials.get(id)
  if (credential?.user.id !== userId) throw new Refusal(404, `Could not find Application Credential: ${id}.`)
  return credential
}

function wantedRoles(given: unknown, { roles }: Token): readonly Named[] {
  if (given === undefined || (Array.isArray(given) && given.length === 0)) return roles
  if (!Array.isArray(given)) throw invalid('roles', 'it is no list')
  return given.map((one: unknown) => {
    const wanted = fieldsOf(one)
    const role = roles.find(({ id, name }) =>
      wanted?.id === undefined ? wanted?.name === name : wanted.id === id,
    )
    if (role === undefined)
      throw new Refusal(
        400,
        `Invalid application credential: Could not find role assignment with role: ${String(wanted?.id ?? wanted?.name)}.`,
      )
    return role
  })
}

function expiry(given: Fields, state: Identity): number | undefined {
  if (given.expires_at === undefined || given.expires_at === null) return undefined
  const [, seconds = '', fraction = ''] = timestamp.exec(textOf(given.expires_at) ?? '') ?? []
  const whole = Date.parse(`${seconds}Z`)
  if (Number.isNaN(whole)) throw noTime()
  const time = whole + Number(fraction.padEnd(6, '0').slice(0, 6)) / 1000
  if (time <= state.now())
    throw new Refusal(400, 'Invalid application credential: The expires_at field must be in the future.')
  return time
}

// Always UTC: Keystone takes no offset.
const timestamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z?$/

function invalid(field: string, message: string): Refusal {
  return new Refusal(400, `Invalid input for field '${field}': ${message}`)
}

function describe(credential: ApplicationCredential, { base }: Identity, secret?: string): object {
  const { id, name, description, user, project, roles, unrestricted, expiresAt, accessRules } = credential
  return {
    id,
    name,
    description: description ?? null,
    user_id: user.id,
    project_id: project.id,
    system: null,
    expires_at: expiresAt === undefined ? null : microsecondTime(expiresAt),
    unrestricted,
    roles: roles.map((role) => ({
      id: role.id,
      name: role.name,
      domain_id: null,
      description: null,
      options: {},
    })),
    ...(accessRules && {
      access_rules: accessRules.map(({ id, service, path, method }) => ({ id, service, path, method })),
    }),
    ...(secret !== undefined && { secret }),
    links: { self: `${base}/identity/v3/users/${user.id}/application_credentials/${id}` },
  }
}
