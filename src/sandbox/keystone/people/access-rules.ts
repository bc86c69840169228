import { randomUUID } from 'node:crypto'
import type { Call } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { noContent, resource } from '../answer.ts'
import { fieldsOf, textOf } from '../body.ts'
import type { AccessRule, ApplicationCredential } from '../identity/credentials.ts'
import type { Identity } from '../identity/identity.ts'
import { callerOf, hasRole } from '../login/tokens.ts'
import { forbidden, Refusal } from '../refusal.ts'
import { readsAll } from './access.ts'
import { links, selfOf, withQuery } from './describe.ts'

const methods = /^(POST|GET|HEAD|PATCH|PUT|DELETE)$/

/** The access rules that a new application credential is to have; a rule that is the same as an earlier one is that one. */
export function accessRulesIn(
  given: unknown,
  userId: string,
  state: Identity,
): readonly AccessRule[] | undefined {
  if (given === undefined || given === null) return undefined
  if (!Array.isArray(given)) throw invalid('access_rules', "it is not of type 'array'")
  const known = rulesOf(userId, state)
  return given.map((one: unknown, index) => {
    const fields = fieldsOf(one) ?? {}
    const [id, service, path, method] = [fields.id, fields.service, fields.path, fields.method].map(textOf)
    if (id !== undefined) {
      const rule = known.find((other) => other.id === id)
      if (rule === undefined) throw new Refusal(404, `Could not find Access Rule: ${id}.`)
      return rule
    }
    if (service === undefined || path === undefined || method === undefined)
      throw invalid(`access_rules/${index}`, "'service', 'path' and 'method' are required properties")
    if (!methods.test(method))
      throw invalid(`access_rules/${index}/method`, `'${method}' does not match '${methods.source}'`)
    if (path.length > 128) throw invalid(`access_rules/${index}/path`, 'it is too long')
    const same = known.find(
      (other) => other.service === service && other.path === path && other.method === method,
    )
    return same ?? { id: randomUUID().replaceAll('-', ''), service, path, method }
  })
}

/** Keeps the access rules of a new application credential. */
export function keepAccessRules(rules: readonly AccessRule[], user: string, state: Identity): void {
  for (const rule of rules) {
    const kept = { ...rule, user }
    state.accessRules.set(rule.id, kept)
    state.keeper?.note(['access-rule', rule.id], kept)
  }
}

/** `GET /v3/users/{id}/access_rules`. */
export function listAccessRules(call: Call, state: Identity, userId: string): Reply {
  ownerOnly(call, state, userId, 'list_access_rules')
  return resource(200, {
    access_rules: rulesOf(userId, state).map((rule) => describe(rule, state)),
    links: links(withQuery(`users/${userId}/access_rules`, call), state),
  })
}

/** `GET /v3/users/{id}/access_rules/{id}`. */
export function showAccessRule(call: Call, state: Identity, userId: string, id: string): Reply {
  ownerOnly(call, state, userId, 'get_access_rule')
  return resource(200, { access_rule: describe(find(userId, id, state), state) })
}

/** `DELETE /v3/users/{id}/access_rules/{id}`: only of one that no application credential has. */
export function deleteAccessRule(call: Call, state: Identity, userId: string, id: string): Reply {
  const caller = callerOf(call, state)
  if (caller.user.id !== userId && !hasRole(caller, 'admin')) throw forbidden('identity:delete_access_rule')
  find(userId, id, state)
  const isUsed = [...state.credentials.values()].some(({ accessRules }) =>
    accessRules?.some((rule) => rule.id === id),
  )
  if (isUsed) throw new Refusal(403, 'May not delete access rule in use')
  state.accessRules.delete(id)
  state.keeper?.note(['access-rule', id], undefined)
  return noContent()
}

/**
 * Whether a credential is good for a request to a service: https://docs.openstack.org/keystone/latest/user/application_credentials.html#access-rules.
 * One without rules is good for all.
 */
export function allows(
  { accessRules }: Pick<ApplicationCredential, 'accessRules'>,
  service: string,
  { method, path }: Pick<Call, 'method' | 'path'>,
): boolean {
  return (
    accessRules === undefined ||
    accessRules.some((rule) => rule.service === service && rule.method === method && matches(path, rule.path))
  )
}

// As keystonemiddleware does it: `{name}` and `*` stand for one part of the path, `**` for any number of them. One pass over
// the path for each piece of the pattern: a regular expression made of it could take for ever.
function matches(path: string, pattern: string): boolean {
  let reached = new Set([0])
  for (const piece of piecesOf(pattern)) {
    const next = new Set<number>()
    for (let at = 0, isOpen = false; at <= path.length; at++) {
      const isBefore = reached.has(at)
      if (piece === '**' && (isOpen || isBefore)) next.add(at)
      if (piece === '*' && isOpen) next.add(at)
      if (piece === path[at] && isBefore) next.add(at + 1)
      isOpen = (isOpen || isBefore) && (piece === '**' || path[at] !== '/')
    }
    reached = next
  }
  return reached.has(path.length)
}

function piecesOf(pattern: string): readonly string[] {
  const pieces: string[] = []
  for (let at = 0; at < pattern.length; ) {
    const end = pattern[at] === '{' ? pattern.indexOf('}', at) : -1
    const piece = pattern.startsWith('**', at) ? '**' : end >= 0 ? '*' : (pattern[at] ?? '')
    pieces.push(piece)
    at = end >= 0 ? end + 1 : at + piece.length
  }
  return pieces
}

function rulesOf(userId: string, { accessRules }: Identity): readonly AccessRule[] {
  return [...accessRules.values()]
    .filter(({ user }) => user === userId)
    .map(({ id, service, path, method }) => ({ id, service, path, method }))
}

function find(userId: string, id: string, state: Identity): AccessRule {
  const rule = rulesOf(userId, state).find((one) => one.id === id)
  if (rule === undefined) throw new Refusal(404, `Could not find Access Rule: ${id}.`)
  return rule
}

function ownerOnly(call: Call, state: Identity, userId: string, action: string): void {
  const caller = callerOf(call, state)
  if (caller.user.id !== userId && !readsAll(caller)) throw forbidden(`identity:${action}`)
}

function describe({ id, service, path, method }: AccessRule, state: Identity): object {
  return { id, service, path, method, links: { self: selfOf(`access_rules/${id}`, state) } }
}

function invalid(field: string, message: string): Refusal {
  return new Refusal(400, `Invalid input for field '${field}': ${message}`)
}
