import { randomUUID } from 'node:crypto'
import type { Call } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { noContent, resource } from '../answer.ts'
import { type Fields, textOf } from '../body.ts'
import type { Identity } from '../identity/identity.ts'
import { secretOf } from '../identity/secret.ts'
import { callerOf } from '../login/tokens.ts'
import { forbidden, Refusal, unauthorized } from '../refusal.ts'
import {
  checkedName,
  domainIn,
  enabledIn,
  nameIn,
  readFields,
  readsAll,
  requireAdmin,
  requireReader,
  userOf,
  wanted,
} from './access.ts'
import { describeProject, describeUser, links, withExtra, withQuery } from './describe.ts'
import { keepUser, removeUser } from './directory.ts'
import type { Named, User } from './people.ts'

/** `GET /v3/users`. */
export function listUsers(call: Call, state: Identity): Reply {
  requireReader(call, state, 'list_users')
  const users = wanted(state.directory.users.values(), call).map((one) => describeUser(one, state))
  return resource(200, { users, links: links(withQuery('users', call), state) })
}

/** `GET /v3/users/{id}`: oneself, or anybody for who may read the system. */
export function showUser(call: Call, state: Identity, id: string): Reply {
  return resource(200, { user: describeUser(readableUser(call, state, id, 'get_user'), state) })
}

/** `POST /v3/users`. */
export async function createUser(call: Call, state: Identity): Promise<Reply> {
  const caller = requireAdmin(call, state, 'create_user')
  const fields = await readFields(call, 'user')
  const name = nameIn(fields)
  const domain = domainIn(fields, caller, state)
  refuseTwin(name, domain, state)
  const password = passwordIn(fields)
  const user: User = {
    id: randomUUID().replaceAll('-', ''),
    name,
    domain,
    secret: password === undefined ? undefined : secretOf(password),
    hasOwnSecret: true,
    enabled: enabledIn(fields, true),
    defaultProject: textOf(fields.default_project_id),
    extra: extraIn(fields),
    roles: new Map(),
  }
  keepUser(user, state.directory, state.keeper)
  return resource(201, { user: describeUser(user, state) })
}

/** `PATCH /v3/users/{id}`; who has another password or is disabled has no tokens any more. */
export async function updateUser(call: Call, state: Identity, id: string): Promise<Reply> {
  requireAdmin(call, state, 'update_user')
  const user = userOf(id, state)
  const fields = await readFields(call, 'user')
  if (fields.id !== undefined && fields.id !== id) throw new Refusal(400, 'Cannot change ID')
  const name = fields.name === undefined ? user.name : checkedName(fields)
  if (name !== user.name) refuseTwin(name, user.domain, state)
  const password = passwordIn(fields)
  user.name = name
  user.enabled = enabledIn(fields, user.enabled)
  user.extra = { ...user.extra, ...extraIn(fields) }
  if (fields.default_project_id !== undefined) user.defaultProject = textOf(fields.default_project_id)
  if (password !== undefined) setPassword(user, password)
  if (password !== undefined || !user.enabled) revokeTokens(user, state)
  keepUser(user, state.directory, state.keeper)
  return resource(200, { user: withExtra(describeUser(user, state), user.extra) })
}

/** `DELETE /v3/users/{id}`: his tokens and credentials go with him. */
export function deleteUser(call: Call, state: Identity, id: string): Reply {
  requireAdmin(call, state, 'delete_user')
  const user = userOf(id, state)
  revokeTokens(user, state)
  for (const [key, credential] of state.credentials)
    if (credential.user === user) {
      state.credentials.delete(key)
      state.keeper?.note(['credential', key], undefined)
    }
  for (const [key, credential] of state.ec2Credentials)
    if (credential.user === id) {
      state.ec2Credentials.delete(key)
      state.keeper?.note(['ec2', key], undefined)
    }
  for (const [key, rule] of state.accessRules)
    if (rule.user === id) {
      state.accessRules.delete(key)
      state.keeper?.note(['access-rule', key], undefined)
    }
  state.tokens.drop((token) => token.user === user || token.trust?.trustee === user)
  removeUser(id, state.directory, state.keeper)
  return noContent()
}

/** `POST /v3/users/{id}/password`: who knows the old password needs no token. */
export async function changePassword(call: Call, state: Identity, id: string): Promise<Reply> {
  const { original_password: original, password } = await readFields(call, 'user')
  for (const [name, value] of Object.entries({ original_password: original, password })) {
    if (value === undefined) throw new Refusal(400, `'${name}' is a required property`)
    if (typeof value !== 'string')
      throw new Refusal(400, `Invalid input for field '${name}': it is not of type 'string'`)
  }
  const user = state.directory.users.get(id)
  if (user === undefined || !user.enabled || user.secret?.isSame(original) !== true) throw unauthorized()
  setPassword(user, String(password))
  revokeTokens(user, state)
  keepUser(user, state.directory, state.keeper)
  return noContent()
}

/** `GET /v3/users/{id}/projects`: where somebody has a role. */
export function userProjects(call: Call, state: Identity, id: string): Reply {
  const user = readableUser(call, state, id, 'list_user_projects')
  const own = [...state.directory.projects.values()].filter((one) => user.roles.has(`project:${one.id}`))
  return resource(200, {
    projects: own.map((one) => describeProject(one, state)),
    links: links(withQuery(`users/${id}/projects`, call), state),
  })
}

/** `GET /v3/users/{id}/groups`: nobody here is in one. */
export function userGroups(call: Call, state: Identity, id: string): Reply {
  readableUser(call, state, id, 'list_groups_for_user')
  return resource(200, { groups: [], links: links(withQuery(`users/${id}/groups`, call), state) })
}

function readableUser(call: Call, state: Identity, id: string, action: string): User {
  const caller = callerOf(call, state)
  if (caller.user.id !== id && !readsAll(caller)) throw forbidden(`identity:${action}`)
  return userOf(id, state)
}

function setPassword(user: User, password: string): void {
  user.secret = secretOf(password)
  user.hasOwnSecret = true
}

function revokeTokens(user: User, state: Identity): void {
  state.tokens.revokeWhere((token) => token.user === user)
}

function refuseTwin(name: string, domain: Named, { directory }: Identity): void {
  const hasTwin = [...directory.users.values()].some((one) => one.name === name && one.domain === domain)
  if (hasTwin)
    throw new Refusal(
      409,
      `Conflict occurred attempting to store user - Duplicate entry found with name ${name} at domain ID ${domain.id}.`,
    )
}

function passwordIn({ password }: Fields): string | undefined {
  if (password === undefined || password === null) return undefined
  if (typeof password === 'string') return password
  throw new Refusal(400, "Invalid input for field 'password': it is not of type 'string'")
}

// What Keystone does not know is kept and shown, but for what would change how somebody logs in.
function extraIn({
  id: _id,
  name: _name,
  password: _password,
  enabled: _enabled,
  domain_id: _domain,
  default_project_id: _project,
  options,
  ...extra
}: Fields): Fields {
  if (options !== undefined && JSON.stringify(options) !== '{}')
    throw new Refusal(501, 'The sandbox does not know options of users.')
  return extra
}
