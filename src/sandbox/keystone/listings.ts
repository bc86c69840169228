import type { Call } from '../call.ts'
import type { Reply } from '../reply.ts'
import { resource } from './answer.ts'
import { catalogOf, regions } from './catalog.ts'
import type { Scope } from './identity/credentials.ts'
import type { Identity } from './identity/identity.ts'
import { callerOf } from './login/tokens.ts'
import { domainOf, readsAll, requireReader, roleOf } from './people/access.ts'
import { describeDomain, describeProject, describeRole, links, selfOf, withQuery } from './people/describe.ts'
import type { Named } from './people/people.ts'
import { forbidden } from './refusal.ts'

/** `GET /v3/auth/catalog`; only for a project. */
export function authCatalog(call: Call, state: Identity): Reply {
  const { scope } = callerOf(call, state)
  if (scope.kind !== 'project') throw forbidden()
  return resource(200, { catalog: catalogOf(scope, state), links: { self: selfOf('auth/catalog', state) } })
}

/** `GET /v3/auth/projects`: what the user can scope a token to. */
export function authProjects(call: Call, state: Identity): Reply {
  const { user } = callerOf(call, state)
  const own = [...state.directory.projects.values()].filter(
    ({ id, enabled }) => enabled && user.roles.has(`project:${id}`),
  )
  return resource(200, {
    projects: own.map((one) => describeProject(one, state)),
    links: links('auth/projects', state),
  })
}

/** `GET /v3/auth/domains`. */
export function authDomains(call: Call, state: Identity): Reply {
  const { user } = callerOf(call, state)
  const own = state.directory.domains.filter(({ id }) => user.roles.has(`domain:${id}`))
  return resource(200, {
    domains: own.map((one) => describeDomain(one, state)),
    links: links('auth/domains', state),
  })
}

/** `GET /v3/auth/system`. */
export function authSystem(call: Call, state: Identity): Reply {
  const { user } = callerOf(call, state)
  return resource(200, {
    system: user.roles.has('system') ? [{ all: true }] : [],
    links: { self: selfOf('auth/system', state) },
  })
}

/** `GET /v3/domains/{id}`: that of the token or of its project, or any for who may read the system. */
export function showDomain(call: Call, state: Identity, id: string): Reply {
  const caller = callerOf(call, state)
  if (domainOfScope(caller.scope)?.id !== id && !readsAll(caller)) throw forbidden('identity:get_domain')
  return resource(200, { domain: describeDomain(domainOf(id, state), state) })
}

/** `GET /v3/roles/{id}`. */
export function showRole(call: Call, state: Identity, id: string): Reply {
  requireReader(call, state, 'get_role')
  return resource(200, { role: describeRole(roleOf(id, state), state) })
}

/** The lists that only admins and readers of the system may see, by the last part of their path. */
export const systemLists: Readonly<Record<string, (state: Identity) => readonly object[]>> = {
  domains: (state) => state.directory.domains.map((one) => describeDomain(one, state)),
  roles: (state) => state.directory.roles.map((one) => describeRole(one, state)),
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
  return resource(200, { [name]: found, links: links(withQuery(name, call), state) })
}

// The catalog's templates are shown as they are stored.
function allServices(state: Identity): ReturnType<typeof catalogOf> {
  return catalogOf({ kind: 'project', project: { id: '$(project_id)s' } }, state)
}

function domainOfScope(scope: Scope): Named | undefined {
  if (scope.kind === 'domain') return scope.domain
  return scope.kind === 'project' ? scope.project.domain : undefined
}
