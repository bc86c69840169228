import type { Call } from '../../call.ts'
import { quote } from '../../call.ts'
import type { Identity } from '../identity/identity.ts'
import type { Named, Project, User } from './people.ts'

/** A user as Keystone shows him. */
export function describeUser(user: User, state: Identity): Readonly<Record<string, unknown>> {
  const { id, name, domain, enabled, defaultProject, extra } = user
  return {
    ...extra,
    id,
    name,
    domain_id: domain.id,
    enabled,
    default_project_id: defaultProject,
    password_expires_at: null,
    options: {},
    links: { self: selfOf(`users/${id}`, state) },
  }
}

/** A project as Keystone shows it. */
export function describeProject(project: Project, state: Identity): Readonly<Record<string, unknown>> {
  const { id, name, domain, description, enabled, parentId, tags } = project
  return {
    id,
    name,
    domain_id: domain.id,
    description,
    enabled,
    parent_id: parentId,
    is_domain: false,
    tags,
    options: {},
    links: { self: selfOf(`projects/${id}`, state) },
  }
}

/** What a PATCH answers: it tells what else is said twice. */
export function withExtra(
  shown: Readonly<Record<string, unknown>>,
  extra: object,
): Readonly<Record<string, unknown>> {
  const { options, links, ...rest } = shown
  return { ...rest, extra, options, links }
}

/** A domain as Keystone shows it. */
export function describeDomain({ id, name }: Named, state: Identity): Readonly<Record<string, unknown>> {
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

/** A role as Keystone shows it. */
export function describeRole({ id, name }: Named, state: Identity): Readonly<Record<string, unknown>> {
  return {
    id,
    name,
    domain_id: null,
    description: null,
    options: {},
    links: { self: selfOf(`roles/${id}`, state) },
  }
}

/** The links of a list at a path. */
export function links(path: string, state: Identity): object {
  return { next: null, self: selfOf(path, state), previous: null }
}

/** The path of a list with the query by which it was asked for. */
export function withQuery(path: string, { query }: Call): string {
  const pairs = [...query].map(([name, value]) =>
    value === '' ? quote(name) : `${quote(name)}=${quote(value)}`,
  )
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

/** The address of something. */
export function selfOf(path: string, { base }: Identity): string {
  return `${base}/identity/v3/${path}`
}
