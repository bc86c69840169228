import type { Fields } from '../body.ts'
import { fieldsOf, textOf } from '../body.ts'
import type { Scope } from '../identity/credentials.ts'
import { withImplied } from '../people/directory.ts'
import type { Directory, Named, Project, Trust, User } from '../people/people.ts'
import { forbidden, missing, Refusal, unauthorized } from '../refusal.ts'
import { type AuthRequest, scopeKinds } from './auth-request.ts'
import type { Proof } from './methods.ts'
import { findDomain } from './methods.ts'

/** A scope and what the user is there. */
export type Grant = {
  readonly scope: Scope
  readonly roles: readonly Named[]
  /** When it is another than who logged in. */
  readonly user?: User
  readonly trust?: Trust
}

/** What the login asks for and gets. */
export function grantScope(asked: AuthRequest['scope'], proof: Proof, directory: Directory): Grant {
  const { user, credential } = proof
  if (credential !== undefined) {
    if (asked !== undefined)
      throw new Refusal(
        401,
        'Error authenticating with application credential: Application credentials cannot request a scope.',
        {
          identity: {},
        },
      )
    return { scope: { kind: 'project', project: credential.project }, roles: credential.roles }
  }
  if (asked === undefined) return grantDefault(user, directory)
  const [kind = ''] = scopeKinds(asked)
  if (kind === 'unscoped') return { scope: { kind: 'unscoped' }, roles: [] }
  const given = typeof asked === 'string' ? {} : (fieldsOf(asked[kind]) ?? {})
  if (proof.parent?.scope.kind === 'system' && kind !== 'system')
    throw forbidden(
      'Using a system-scoped token to create a project-scoped or domain-scoped token is not allowed.',
    )
  switch (kind) {
    case 'system':
      return grant(user, 'system', { kind: 'system' }, directory)
    case 'domain': {
      const domain = findDomain(given, directory)
      if (domain === undefined) throw unauthorized()
      return grant(user, `domain:${domain.id}`, { kind: 'domain', domain }, directory)
    }
    case 'project': {
      const project = findProject(given, directory)
      if (project === undefined || !project.enabled) throw unauthorized()
      return grant(user, `project:${project.id}`, { kind: 'project', project }, directory)
    }
    default:
      return grantTrust(given, user, directory)
  }
}

function grantDefault(user: User, directory: Directory): Grant {
  const found = directory.projects.get(user.defaultProject ?? '')
  const project = found?.enabled ? found : undefined
  const roles = project && user.roles.get(`project:${project.id}`)
  return project && roles
    ? { scope: { kind: 'project', project }, roles: withImplied(roles, directory) }
    : { scope: { kind: 'unscoped' }, roles: [] }
}

function grant(user: User, target: string, scope: Scope, directory: Directory): Grant {
  const roles = user.roles.get(target)
  if (roles === undefined) throw unauthorized()
  return { scope, roles: withImplied(roles, directory) }
}

function findProject(given: Fields, directory: Directory): Project | undefined {
  const id = textOf(given.id)
  const name = textOf(given.name)
  if (id !== undefined) return directory.projects.get(id)
  if (name === undefined) throw missing('id or name', 'project')
  const domain = fieldsOf(given.domain)
  if (domain === undefined) throw missing('domain', 'project')
  const own = findDomain(domain, directory)
  return [...directory.projects.values()].find((project) => project.name === name && project.domain === own)
}

function grantTrust(given: Fields, user: User, { trusts }: Directory): Grant {
  const id = textOf(given.id)
  if (id === undefined) throw missing('trust_id', 'trust')
  const trust = trusts.find((one) => one.id === id)
  if (trust === undefined) throw unauthorized()
  if (trust.trustee !== user) throw new Refusal(403, 'User is not a trustee.')
  return {
    scope: { kind: 'project', project: trust.project },
    roles: trust.roles,
    user: trust.trustor,
    trust,
  }
}
