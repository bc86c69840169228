import { toPythonJson } from '../../python-json.ts'
import type { Fields } from '../body.ts'
import { fieldsOf } from '../body.ts'
import { missing, Refusal } from '../refusal.ts'
import { authSchemaText } from './auth-schema-text.ts'

/** The parts of a login that follow Keystone's schema. */
export type AuthRequest = {
  readonly identity: Fields
  readonly methods: readonly string[]
  /** Undefined when none is given. */
  readonly scope: Fields | string | undefined
}

/** Checks the body of a login as Keystone's schema does. */
export function readAuthRequest(body: Fields | undefined): AuthRequest {
  if (body?.auth === undefined || body.auth === null) throw missing('auth', 'request body')
  const auth = asObject(body.auth, [])
  if (!('identity' in auth)) throw violation([], "'identity' is a required property", 'required', auth)
  const identity = asObject(auth.identity, ['identity'])
  const { methods } = identity
  if (methods === undefined)
    throw violation(['identity'], "'methods' is a required property", 'required', identity)
  if (!Array.isArray(methods)) throw typeViolation(['identity', 'methods'], methods, 'array')
  const names = methods.map((method: unknown, index) =>
    asText(method, ['identity', 'methods', String(index)]),
  )
  checkPassword(identity.password)
  if (identity.token !== undefined) {
    const token = asObject(identity.token, ['identity', 'token'])
    if (token.id === undefined)
      throw violation(['identity', 'token'], "'id' is a required property", 'required', token)
    asText(token.id, ['identity', 'token', 'id'])
  }
  return { identity, methods: names, scope: readScope(auth.scope) }
}

/** The kinds of scope that are asked for; a login that was read has exactly one. */
export function scopeKinds(asked: Fields | string): readonly string[] {
  return ['system', 'project', 'domain', 'OS-TRUST:trust', 'unscoped'].filter((kind) =>
    typeof asked === 'string' ? asked === kind : kind in asked,
  )
}

function checkPassword(password: unknown): void {
  if (password === undefined) return
  const path = ['identity', 'password', 'user']
  const user = asObject(password, path.slice(0, 2)).user
  if (user === undefined) return
  const fields = asObject(user, path)
  for (const name of ['id', 'name', 'password'])
    if (fields[name] !== undefined) asText(fields[name], [...path, name])
  checkDomain(fields.domain, [...path, 'domain'])
}

// Keystone looks at the scope before it looks at who asks for it.
function readScope(scope: unknown): AuthRequest['scope'] {
  if (scope === undefined) return scope
  const asked = typeof scope === 'string' ? scope : readScopeFields(scope)
  if (scopeKinds(asked).length !== 1)
    throw missing('system, project, domain, OS-TRUST:trust or unscoped', 'scope')
  return asked
}

function readScopeFields(scope: unknown): Fields {
  const fields = fieldsOf(scope)
  if (fields === undefined) throw typeViolation(['scope'], scope, "object', 'string")
  for (const kind of ['project', 'domain', 'OS-TRUST:trust', 'system'])
    if (fields[kind] !== undefined) checkDomain(fields[kind], ['scope', kind])
  const project = fieldsOf(fields.project)
  if (project) checkDomain(project.domain, ['scope', 'project', 'domain'])
  return fields
}

// Projects, domains and trusts have the same shape: texts for id and name.
function checkDomain(domain: unknown, path: readonly string[]): void {
  if (domain === undefined) return
  const fields = asObject(domain, path)
  for (const name of ['id', 'name']) if (fields[name] !== undefined) asText(fields[name], [...path, name])
}

function asObject(value: unknown, path: readonly string[]): Fields {
  const fields = fieldsOf(value)
  if (fields === undefined) throw typeViolation(path, value, 'object')
  return fields
}

function asText(value: unknown, path: readonly string[]): string {
  if (typeof value !== 'string') throw typeViolation(path, value, 'string')
  return value
}

function typeViolation(path: readonly string[], value: unknown, type: string): Refusal {
  return violation(path, `${printed(value)} is not of type '${type}'`, 'type', value)
}

// Keystone shows the whole schema; below the root the part that names the broken rule is enough.
function violation(path: readonly string[], message: string, rule: string, value: unknown): Refusal {
  const instance = `\n\nOn instance:\n    ${printed(value)}`
  if (path.length === 0)
    return new Refusal(
      400,
      `${message}\n\nFailed validating '${rule}' in schema:\n${authSchemaText}${instance}`,
    )
  const place = path.map((part) => `['${part}']`).join('')
  return new Refusal(
    400,
    `Invalid input for field '${path.join('/')}': ${message}\n\nFailed validating '${rule}' in schema${place}${instance}`,
  )
}

function printed(value: unknown): string {
  return toPythonJson(value).replaceAll('"', "'")
}
