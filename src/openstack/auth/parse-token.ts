import type { HttpResponse } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Token } from '../../model/token.ts'
import { parseJson } from '../../util/parse-json.ts'
import { parseCatalog } from '../catalog/parse-catalog.ts'

/** The token in Keystone's 201. Throws AUTH_ANSWER_INVALID when it is not whole. */
export function parseToken(response: HttpResponse, identityUrl: string, now: number): Token {
  const invalid = (what: string): OsrunError =>
    new OsrunError('AUTH_ANSWER_INVALID', phrase`Keystone answered ${response.status}, but ${what}.`, {
      hint: phrase`Is ${identityUrl} really a Keystone, and not a proxy or a web page?`,
    })
  // A carriage return at the end, as shell scripts drag along, is no part of a token.
  const id = headerOf(response.headers, 'X-Subject-Token')?.trim()
  if (id === undefined || id === '') throw invalid('there is no X-Subject-Token')
  const body = tokenBody(response)
  if (body === undefined) throw invalid('its body holds no token')
  const { user } = body
  const expiresAt = utcTime(body.expires_at)
  if (expiresAt === undefined) throw invalid('the token has no expires_at')
  const owner = named(user)
  if (owner === undefined) throw invalid('the token has no user')
  const project = named(body.project)
  const domain = idName(body.domain)
  const date = Date.parse(headerOf(response.headers, 'Date') ?? '')
  const issuedAt = utcTime(body.issued_at)
  const issued = Date.parse(issuedAt ?? '')
  return {
    id,
    expiresAt,
    issuedAt: issuedAt ?? new Date(now).toISOString(),
    methods: texts(body.methods),
    user: owner,
    ...(project && { project }),
    ...(domain && { domain }),
    system: isRecord(body.system),
    roles: Array.isArray(body.roles) ? body.roles.flatMap((role) => idName(role) ?? []) : [],
    auditIds: texts(body.audit_ids),
    catalog: Array.isArray(body.catalog) ? parseCatalog(body.catalog) : undefined,
    clockSkew: skew(Number.isNaN(date) ? issued : date, now),
    issueSkew: Number.isNaN(issued - date) ? 0 : issued - date,
    identityUrl,
    body: { ...body, expires_at: expiresAt },
  }
}

function tokenBody(response: HttpResponse): Record<string, unknown> | undefined {
  const document = parseJson(response.body)
  // Told by the caller, who knows whom it asked.
  return isRecord(document) && isRecord(document.token) ? document.token : undefined
}

// A time that Keystone writes is UTC, also where it leaves out the Z: so it tells the end of a token that ends with its
// application credential, https://opendev.org/openstack/keystone/src/branch/master/keystone/token/provider.py (issue_token).
// Date.parse would take that for the time of this machine's zone.
function utcTime(written: unknown): string | undefined {
  if (typeof written !== 'string') return undefined
  const time = /T[\d:.]+$/.test(written) ? `${written}Z` : written
  return Number.isNaN(Date.parse(time)) ? undefined : time
}

// Both times have whole seconds, so less than two of them say nothing. Without a Date, as Keystone's own server leaves it
// out, the token that has just been issued tells the time.
function skew(date: number, now: number): number {
  return Number.isNaN(date) || Math.abs(date - now) < 2000 ? 0 : date - now
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function idName(value: unknown): { readonly id: string; readonly name: string } | undefined {
  if (!isRecord(value) || typeof value.id !== 'string') return undefined
  return { id: value.id, name: typeof value.name === 'string' ? value.name : '' }
}

function named(value: unknown): Token['user'] | undefined {
  const own = idName(value)
  return (
    own && { ...own, domain: (isRecord(value) ? idName(value.domain) : undefined) ?? { id: '', name: '' } }
  )
}
