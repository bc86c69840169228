import type { Call } from '../call.ts'
import type { Reply } from '../reply.ts'
import { resource } from './answer.ts'
import { catalogOf, regions } from './catalog.ts'
import type { Scope, Token } from './identity/credentials.ts'
import type { Identity } from './identity/identity.ts'
import { callerOf, hasRole } from './login/tokens.ts'
import { forbidden, Refusal } from './refusal.ts'
import type { Named, Project, User } from './seed.ts'
import { domains, projects, roles, users } from './seed.ts'

/** `GET /v3/auth/catalog`; only for a project. */
export function authCatalog(call: Call, state: Identity): Reply {
  const { scope } = callerOf(call, state)
  if (scope.kind !== 'project') throw forbidden()
  return resource(200, { catalog: catalogOf(scope, state), links: { self: selfOf('auth/catalog', state) } })
}

/** `GET /v3/auth/projects`: what the user can scope a token to. */
export function authProjects(call: Call, state: Identity): Reply {
  const { user } = callerOf(call, state)
  const own = projects.filter(({ id }) => user.roles.has(`project:${id}`))
  return resource(200, {
    projects: own.map((one) => project(one, state)),
    links: links('auth/projects', state),
  })
}

/** `GET /v3/auth/domains`. */
export function authDomains(call: Call, state: Identity): Reply {
  const { user } = callerOf(call, state)
  const own = domains.filter(({ id }) => user.roles.has(`domain:${id}`))
  return resource(200, { domains: own.map((one) => domain(one, state)), links: links('auth/domains', state) })
}

/** `GET /v3/auth/system`. */
export function authSystem(call: Call, state: Identity): Reply {
  const { user } = callerOf(call, state)
  return resource(200, {
    system: user.roles.has('system') ? [{ all: true }] : [],
    links: { self: selfOf('auth/system', state) },
  })
}

/** `GET /v3/users/{id}`: oneself, or anybody for who may read the system. */
export function showUser(call: Call, state: Identity, id: string): Reply {
  return resource(200, { user: user(readableUser(call, state, id, 'identity:get_user'), state) })
}

/** `GET /v3/users/{id}/projects`: where somebody has a role. */
export function userProjects(call: Call, state: Identity, id: string): Reply {
  const found = readableUser(call, state, id, 'identity:list_user_projects')
  const own = projects.filter((one) => found.roles.has(`project:${one.id}`))
  const path = `users/${id}/projects`
  return resource(200, { projects: own.map((one) => project(one, state)), links: links(path, state) })
}

/** `GET /v3/users/{id}/groups`: nobody here is in one. */
export function userGroups(call: Call, state: Identity, id: string): Reply {
  readableUser(call, state, id, 'identity:list_groups_for_user')
  return resource(200, { groups: [], links: links(`users/${id}/groups`, state) })
}

/** `GET /v3/projects/{id}`: one with a role of one's own, or any. */
export function showProject(call: Call, state: Identity, id: string): Reply {
  const caller = callerOf(call, state)
  const own = caller.scope.kind === 'project' && caller.scope.project.id === id
  if (!own && !readsAll(caller)) throw forbidden('identity:get_project')
  const found = projects.find((one) => one.id === id)
  if (found === undefined) throw new Refusal(404, `Could not find project: ${id}.`)
  return resource(200, { project: project(found, state) })
}

/** `GET /v3/domains/{id}`: that of the token or of its project, or any for who may read the system. */
export function showDomain(call: Call, state: Identity, id: string): Reply {
  const caller = callerOf(call, state)
  if (domainOf(caller.scope)?.id !== id && !readsAll(caller)) throw forbidden('identity:get_domain')
  const found = domains.find((one) => one.id === id)
  if (found === undefined) throw new Refusal(404, `Could not find domain: ${id}.`)
  return resource(200, { domain: domain(found, state) })
}

/** The lists that only admins and readers of the system may see, by the last part of their path. */
export const systemLists: Readonly<Record<string, (state: Identity) => readonly object[]>> = {
  users: (state) => users.map((one) => user(one, state)),
  projects: (state) => projects.map((one) => project(one, state)),
  domains: (state) => domains.map((one) => domain(one, state)),
  roles: (state) =>
    roles.map(({ id, name }) => ({
      id,
      name,
      domain_id: null,
      description: null,
      options: {},
      links: { self: selfOf(`roles/${id}`, state) },
    })),
  regions: (state) =>
    regions.map(({ name: id }) => ({
      id,
      description: '',
      parent_region_id: null,
      links: { self: selfOf(`regions/${id}`, state) },
    })),
  services: (state) =>
    allServices(state).map(({ id, type, name }) => ({
      id,
      name,
      type,
      enabled: true,
      links: { self: selfOf(`services/${id}`, state) },
    })),
  endpoints: (state) =>
    allServices(state).flatMap(({ id: service_id, endpoints }) =>
      endpoints.map((one) => ({
        ...one,
        service_id,
        enabled: true,
        links: { self: selfOf(`endpoints/${one.id}`, state) },
      })),
    ),
}

/** `GET /v3/{list}`. */
export function listAll(call: Call, state: Identity, name: string): Reply {
  const caller = callerOf(call, state)
  const open = name === 'regions'
  if (!open && !readsAll(caller)) throw forbidden(`identity:list_${name}`)
  const wanted = call.query.get('name')
  const found = (systemLists[name]?.(state) ?? []).filter(
    (one) => wanted === undefined || ('name' in one && one.name === wanted),
  )
  return resource(200, { [name]: found, links: links(name, state) })
}

// The catalog's templates are shown as they are stored.
function allServices(state: Identity): ReturnType<typeof catalogOf> {
  const template: Project = { id: '$(project_id)s', name: '', domain: { id: '', name: '' } }
  return catalogOf({ kind: 'project', project: template }, state)
}

function readableUser(call: Call, state: Identity, id: string, action: string): User {
  const caller = callerOf(call, state)
  if (caller.user.id !== id && !readsAll(caller)) throw forbidden(action)
  const found = users.find((one) => one.id === id)
  if (found === undefined) throw new Refusal(404, `Could not find user: ${id}.`)
  return found
}

function domainOf(scope: Scope): Named | undefined {
  if (scope.kind === 'domain') return scope.domain
  return scope.kind === 'project' ? scope.project.domain : undefined
}

function readsAll(caller: Token): boolean {
  return hasRole(caller, 'admin') || (caller.scope.kind === 'system' && hasRole(caller, 'reader'))
}

function project(one: Project, state: Identity): object {
  const { id, name } = one
  return {
    id,
    name,
    domain_id: one.domain.id,
    description: '',
    enabled: true,
    parent_id: one.domain.id,
    is_domain: false,
    tags: [],
    options: {},
    links: { self: selfOf(`projects/${id}`, state) },
  }
}

function domain({ id, name }: Named, state: Identity): object {
  const description = id === 'default' ? 'The default domain' : ''
  return {
    id,
    name,
    description,
    enabled: true,
    tags: [],
    options: {},
    links: { self: selfOf(`domains/${id}`, state) },
  }
}

function user(
  { id, name, enabled, defaultProject, domain: { id: domain_id } }: User,
  state: Identity,
): object {
  return {
    id,
    name,
    domain_id,
    enabled,
    default_project_id: defaultProject?.id,
    password_expires_at: null,
    options: {},
    links: { self: selfOf(`users/${id}`, state) },
  }
}

function links(path: string, state: Identity): object {
  return { next: null, self: selfOf(path, state), previous: null }
}

function selfOf(path: string, { base }: Identity): string {
  return `${base}/identity/v3/${path}`
}
