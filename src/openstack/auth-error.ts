import type { Credentials, Scope } from '../model/cloud.ts'
import type { HttpResponse } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import { OsrunError } from '../model/problem.ts'
import { parseJson } from '../util/parse-json.ts'
import { describeSent } from './describe-credentials.ts'
import { cloudMessage, requestIdOf } from './error-envelope.ts'

type Keystone = Extract<Credentials, { kind: 'keystone' }>

/** What a refused authentication means, with what to look at: Keystone has one 401 for six causes. */
export function authError(response: HttpResponse, credentials: Keystone, identityUrl: string): OsrunError {
  const { status } = response
  const type = headerOf(response.headers, 'Content-Type') ?? ''
  const own =
    response.body === undefined ? undefined : cloudMessage(new TextDecoder().decode(response.body), type)
  const id = requestIdOf(response.headers)
  const where = `${identityUrl}/auth/tokens`
  const said = `${own === undefined ? '' : `: ${own}`}${id === undefined ? '' : ` (Request-ID: ${id})`}`
  const isHtml = /html/i.test(type)
  if (status >= 500)
    return new OsrunError('AUTH_FAILED', `Keystone answered ${status}${said}`, {
      hint: `The service, or a gateway before it, is out of order at the moment: ${where}.`,
    })
  if (status === 404 && !/json/i.test(type))
    return new OsrunError(
      'IDENTITY_NOT_FOUND',
      `There is no Keystone v3 at ${credentials.authUrl}: ${where} answered 404.`,
      {
        hint: 'OS_AUTH_URL is the URL of Keystone, with or without /v3; on many clouds it has a path such as /identity.',
      },
    )
  if (status < 400 || isHtml)
    return new OsrunError(
      'IDENTITY_NOT_FOUND',
      `${where} answered ${status} with ${type === '' ? 'no content type' : type}, which is not Keystone${said}.`,
      {
        hint: 'A proxy or a web page may stand there; look at OS_AUTH_URL.',
      },
    )
  return new OsrunError('AUTH_FAILED', `Keystone refused with ${status}${said}`, {
    hint: hintFor(status, own ?? '', credentials, response),
  })
}

function hintFor(
  status: number,
  said: string,
  credentials: Keystone,
  response: HttpResponse,
): string | undefined {
  if (headerOf(response.headers, 'Openstack-Auth-Receipt') !== undefined)
    return `Keystone wants more than one method for this user${requiredMethods(response)}, and those sent were not enough: set OS_AUTH_TYPE=v3multifactor, OS_AUTH_METHODS=v3password,v3totp and OS_PASSCODE.`
  if (status === 400 && /domain/i.test(said))
    return /project/i.test(said)
      ? 'The project is given by name, so its domain is needed: set OS_PROJECT_DOMAIN_NAME (often Default).'
      : 'A user is given by name, so a domain is needed: set OS_USER_DOMAIN_NAME (often Default).'
  if (status === 429) return 'Too many tokens were asked for lately; wait a minute.'
  const [method] = credentials.methods
  if (status === 404 && method?.kind === 'token')
    return 'The token has expired or was revoked; make a new one.'
  if (status === 404 && method?.kind === 'application_credential')
    return 'The id of the application credential is wrong, or it was deleted.'
  if (status === 403 && credentials.scope.kind !== 'default')
    return 'A token of a trust or of an application credential takes no other scope, and a trust is for its trustee alone.'
  if (status !== 401) return undefined
  if (/unsupported method/i.test(said)) {
    const kinds = credentials.methods.map(({ kind }) => kind).join(', ')
    return `This Keystone does not take the method ${kinds}; choose another OS_AUTH_TYPE.`
  }
  if (/application credential/i.test(said))
    return 'An application credential knows its project; leave the scope out.'
  return candidates(credentials)
}

// `[["totp", "password"]]`: each list is one way in.
function requiredMethods(response: HttpResponse): string {
  // The receipt's header says enough without its body.
  const { required_auth_methods: ways } = Object(parseJson(response.body)) as {
    readonly required_auth_methods?: unknown
  }
  const words = (Array.isArray(ways) ? ways : [])
    .filter((way) => Array.isArray(way))
    .map((way: readonly unknown[]) => way.filter((name) => typeof name === 'string').join(' and '))
  return words.length === 0 ? '' : ` (${words.join(', or ')})`
}

// Wrong password, unknown or disabled user, unknown domain, unknown project and a missing role look the same.
function candidates(credentials: Keystone): string {
  const [method] = credentials.methods
  if (method === undefined) return 'No identity method was sent.'
  if (method.kind === 'application_credential')
    return 'The secret is wrong, or the application credential has expired or belongs to a disabled user.'
  if (method.kind === 'token')
    return credentials.scope.kind === 'default'
      ? 'The token has expired or was revoked; make a new one.'
      : `The token has expired or was revoked, or there is ${reasonsOf(credentials.scope).replace(', ', ' or ')}.`
  const secret = credentials.methods.some(({ kind }) => kind === 'totp')
    ? 'a wrong password or passcode'
    : 'a wrong password'
  return [
    `Sent: ${describeSent(credentials).join(', ')}.`,
    `Keystone has one answer for: ${secret}, an unknown or disabled user, an unknown domain, ${reasonsOf(credentials.scope)}.`,
    'To tell: `authenticate: { scope: unscoped }` works when user, domain and password are right, and GET /v3/auth/projects then lists the projects with a role.',
    'An id in place of a name (default for Default) is a common cause.',
  ].join(' ')
}

function reasonsOf(scope: Scope): string {
  if (scope.kind === 'system') return 'no role on the system'
  if (scope.kind === 'domain') return 'no role on the domain'
  return scope.kind === 'trust' ? 'an unknown trust' : 'an unknown project, no role on the project'
}
