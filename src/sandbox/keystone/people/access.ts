import type { Call } from '../../call.ts'
import { type Fields, fieldsOf, readJson, textOf } from '../body.ts'
import type { Token } from '../identity/credentials.ts'
import type { Identity } from '../identity/identity.ts'
import { callerOf, hasRole } from '../login/tokens.ts'
import { forbidden, missing, Refusal } from '../refusal.ts'
import type { Named, Project, User } from './people.ts'

/** Whether somebody may read all that there is. */
export function readsAll(caller: Token): boolean {
  return hasRole(caller, 'admin') || (caller.scope.kind === 'system' && hasRole(caller, 'reader'))
}

/** Refuses who is no administrator; gives who asks. */
export function requireAdmin(call: Call, state: Identity, action: string): Token {
  const caller = callerOf(call, state)
  if (!hasRole(caller, 'admin')) throw forbidden(`identity:${action}`)
  return caller
}

/** Refuses who may not read all; gives who asks. */
export function requireReader(call: Call, state: Identity, action: string): Token {
  const caller = callerOf(call, state)
  if (!readsAll(caller)) throw forbidden(`identity:${action}`)
  return caller
}

/** The user of that id, or 404. */
export function userOf(id: string, { directory }: Identity): User {
  return found(directory.users.get(id), 'user', id)
}

/** The project of that id, or 404. */
export function projectOf(id: string, { directory }: Identity): Project {
  return found(directory.projects.get(id), 'project', id)
}

/** The domain of that id, or 404. */
export function domainOf(id: string, { directory }: Identity): Named {
  return found(
    directory.domains.find((domain) => domain.id === id),
    'domain',
    id,
  )
}

/** The role of that id, or 404. */
export function roleOf(id: string, { directory }: Identity): Named {
  return found(
    directory.roles.find((role) => role.id === id),
    'role',
    id,
  )
}

/** What a body says of one `user` or `project`. */
export async function readFields(call: Call, kind: string): Promise<Fields> {
  const given = (await readJson(call))?.[kind] ?? {}
  const fields = fieldsOf(given)
  if (fields === undefined) throw missing(kind, 'request body')
  return fields
}

/** A name that is to be there, and a text. */
export function nameIn(fields: Fields): string {
  if (fields.name === undefined) throw new Refusal(400, "'name' is a required property")
  return checkedName(fields)
}

/** A name that is a text. */
export function checkedName({ name }: Fields): string {
  const text = textOf(name)
  if (text === undefined)
    throw new Refusal(400, `Invalid input for field 'name': ${JSON.stringify(name)} is not of type 'string'`)
  return text
}

/** A switch that is true unless it is given. */
export function enabledIn({ enabled }: Fields, otherwise: boolean): boolean {
  if (enabled === undefined || enabled === null) return otherwise
  if (typeof enabled === 'boolean') return enabled
  throw new Refusal(
    400,
    `Invalid input for field 'enabled': ${JSON.stringify(enabled)} is not of type 'boolean'`,
  )
}

/** The domain that is named, or that of who asks. */
export function domainIn({ domain_id: given }: Fields, caller: Token, { directory }: Identity): Named {
  const { scope } = caller
  if (given === undefined || given === null) {
    if (scope.kind === 'project') return scope.project.domain
    return scope.kind === 'domain' ? scope.domain : caller.user.domain
  }
  const domain = directory.domains.find(({ id }) => id === given)
  if (domain === undefined) throw new Refusal(400, `Could not find domain: ${String(given)}.`)
  return domain
}

/** The entries of a list that have the name, the domain and the state that a query asks for. */
export function wanted<
  T extends { readonly name: string; readonly enabled: boolean; readonly domain: Named },
>(all: Iterable<T>, { query }: Call): readonly T[] {
  const [name, domain, enabled] = [query.get('name'), query.get('domain_id'), query.get('enabled')]
  return [...all].filter(
    (one) =>
      (name === undefined || one.name === name) &&
      (domain === undefined || one.domain.id === domain) &&
      (enabled === undefined || one.enabled === !/^(0|false|f|no|off)$/i.test(enabled)),
  )
}

function found<T>(one: T | undefined, kind: string, id: string): T {
  if (one === undefined) throw new Refusal(404, `Could not find ${kind}: ${id}.`)
  return one
}
