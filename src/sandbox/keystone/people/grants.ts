import type { Call } from '../../call.ts'
import { isTrue } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { noContent, resource } from '../answer.ts'
import type { Identity } from '../identity/identity.ts'
import { Refusal } from '../refusal.ts'
import { domainOf, projectOf, requireAdmin, requireReader, roleOf, userOf } from './access.ts'
import { describeRole, links, selfOf, withQuery } from './describe.ts'
import { keepUser, withImplied } from './directory.ts'
import type { Named, User } from './people.ts'

/** Where a user may have roles: `projects`, `domains` or `system`, and which one of them. */
export type Target = { readonly kind: 'projects' | 'domains' | 'system'; readonly id: string }

/** `GET /v3/projects/{id}/users/{id}/roles`, and the same of domains and the system. */
export function listGrants(call: Call, state: Identity, target: Target, userId: string): Reply {
  requireReader(call, state, actionOf('list', target))
  const granted = userOf(userId, state).roles.get(keyOf(target, state)) ?? []
  return resource(200, {
    roles: granted.map((one) => describeRole(one, state)),
    links: links(withQuery(`${pathOf(target)}/users/${userId}/roles`, call), state),
  })
}

/** `GET` or `HEAD` of one role of a user: 204, or 404. */
export function checkGrant(call: Call, state: Identity, target: Target, [userId, roleId]: UserRole): Reply {
  requireReader(call, state, actionOf('check', target))
  const { user, role, key } = partsOf(state, target, [userId, roleId])
  if (!hasRole(user, key, role)) throw noGrant(role, user, target)
  return noContent()
}

/** `PUT` of one role of a user. */
export function addGrant(call: Call, state: Identity, target: Target, names: UserRole): Reply {
  requireAdmin(call, state, actionOf('create', target))
  const { user, role, key } = partsOf(state, target, names)
  if (!hasRole(user, key, role)) {
    user.roles.set(key, [...(user.roles.get(key) ?? []), role])
    keepUser(user, state.directory, state.keeper)
  }
  return noContent()
}

/** `DELETE` of one role of a user: his tokens for that target end. */
export function removeGrant(call: Call, state: Identity, target: Target, names: UserRole): Reply {
  requireAdmin(call, state, actionOf('revoke', target))
  const { user, role, key } = partsOf(state, target, names)
  if (!hasRole(user, key, role)) throw noGrant(role, user, target)
  const rest = (user.roles.get(key) ?? []).filter(({ id }) => id !== role.id)
  if (rest.length === 0) user.roles.delete(key)
  else user.roles.set(key, rest)
  state.tokens.revokeWhere((token) => {
    const { scope } = token
    if (token.user !== user) return false
    if (scope.kind === 'project') return key === `project:${scope.project.id}`
    return scope.kind === 'domain' ? key === `domain:${scope.domain.id}` : scope.kind === key
  })
  keepUser(user, state.directory, state.keeper)
  return noContent()
}

/** `GET /v3/role_assignments`. */
export function listAssignments(call: Call, state: Identity): Reply {
  requireReader(call, state, 'list_role_assignments')
  const unknown = [...call.query.keys()].find((name) => !filters.includes(name))
  if (unknown !== undefined)
    throw new Refusal(501, `The sandbox does not know ${unknown} of role assignments.`)
  const found = assignmentsIn(state, isSwitch(call, 'effective')).filter((one) => isWanted(one, call))
  return resource(200, {
    role_assignments: found.map((one) => describe(one, state, isSwitch(call, 'include_names'))),
    links: links(withQuery('role_assignments', call), state),
  })
}

type UserRole = readonly [userId: string, roleId: string]
type Assignment = {
  readonly user: User
  readonly target: Target
  readonly role: Named
  readonly prior?: Named
}

const filters = [
  'user.id',
  'role.id',
  'scope.project.id',
  'scope.domain.id',
  'scope.system',
  'effective',
  'include_names',
]

// Keystone takes a name without a value for yes.
function isSwitch({ query }: Call, name: string): boolean {
  return query.has(name) && (query.get(name) === '' || isTrue(query.get(name)))
}

function assignmentsIn({ directory }: Identity, isEffective: boolean): readonly Assignment[] {
  return [...directory.users.values()].flatMap((user) =>
    [...user.roles].flatMap(([key, granted]) => {
      const target = targetOf(key)
      const own = granted.map((role): Assignment => ({ user, target, role }))
      const implied = withImplied(granted, directory).slice(granted.length)
      const [prior] = granted
      return isEffective && prior
        ? [...own, ...implied.map((role): Assignment => ({ user, target, role, prior }))]
        : own
    }),
  )
}

function isWanted({ user, target, role }: Assignment, { query }: Call): boolean {
  const fits = (name: string, id: string | undefined): boolean => !query.has(name) || query.get(name) === id
  return (
    fits('user.id', user.id) &&
    fits('role.id', role.id) &&
    fits('scope.project.id', target.kind === 'projects' ? target.id : undefined) &&
    fits('scope.domain.id', target.kind === 'domains' ? target.id : undefined) &&
    fits('scope.system', target.kind === 'system' ? 'all' : undefined)
  )
}

function describe({ user, target, role, prior }: Assignment, state: Identity, withNames: boolean): object {
  const roleId = (prior ?? role).id
  return {
    links: {
      assignment: selfOf(`${pathOf(target)}/users/${user.id}/roles/${roleId}`, state),
      ...(prior && { prior_role: selfOf(`prior_role/${prior.id}/implies/${role.id}`, state) }),
    },
    scope: scopeOf(target, state, withNames),
    user: withNames
      ? { id: user.id, name: user.name, domain: { id: user.domain.id, name: user.domain.name } }
      : { id: user.id },
    role: withNames ? { id: role.id, name: role.name } : { id: role.id },
  }
}

function scopeOf(target: Target, state: Identity, withNames: boolean): object {
  if (target.kind === 'system') return { system: { all: true } }
  if (target.kind === 'domains') {
    const { id, name } = domainOf(target.id, state)
    return { domain: withNames ? { id, name } : { id } }
  }
  const { id, name, domain } = projectOf(target.id, state)
  return { project: withNames ? { id, name, domain: { id: domain.id, name: domain.name } } : { id } }
}

function partsOf(
  state: Identity,
  target: Target,
  [userId, roleId]: UserRole,
): { readonly user: User; readonly role: Named; readonly key: string } {
  const role = roleOf(roleId, state)
  const user = userOf(userId, state)
  return { user, role, key: keyOf(target, state) }
}

function hasRole(user: User, key: string, role: Named): boolean {
  return (user.roles.get(key) ?? []).some(({ id }) => id === role.id)
}

function keyOf(target: Target, state: Identity): string {
  if (target.kind === 'system') return 'system'
  return target.kind === 'projects'
    ? `project:${projectOf(target.id, state).id}`
    : `domain:${domainOf(target.id, state).id}`
}

function targetOf(key: string): Target {
  const [kind, id = ''] = key.split(':')
  return { kind: kind === 'project' ? 'projects' : kind === 'domain' ? 'domains' : 'system', id }
}

function pathOf({ kind, id }: Target): string {
  return kind === 'system' ? 'system' : `${kind}/${id}`
}

function actionOf(verb: 'list' | 'check' | 'create' | 'revoke', { kind }: Target): string {
  const scope = kind === 'system' ? 'system_grant' : 'grant'
  return verb === 'list'
    ? `list_${scope}s${kind === 'system' ? '_for_user' : ''}`
    : `${verb}_${scope}${kind === 'system' ? '_for_user' : ''}`
}

function noGrant({ id: roleId }: Named, { id: userId }: User, { kind, id }: Target): Refusal {
  const where = kind === 'system' ? 'system' : id
  return new Refusal(
    404,
    `Could not find role assignment with role: ${roleId}, user or group: ${userId}, project, domain, or system: ${where}.`,
  )
}
