import type { Credentials, Scope } from '../../model/cloud.ts'
import type { HttpResponse } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import { cloudSentences, ownPhrase, type Phrase, phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import { parseJson } from '../../util/parse-json.ts'
import { describeSent } from '../config/describe-credentials.ts'
import { cloudMessage, requestIdOf } from '../error-envelope.ts'

type Keystone = Extract<Credentials, { kind: 'keystone' }>

/** The credentials that were refused. */
type Refused = {
  readonly credentials: Keystone
  /** Whether they are those of the cloud's settings, where all but their secrets may be shown. */
  readonly isCloudsOwn: boolean
}

/** What a refused authentication means, with what to look at: Keystone has one 401 for six causes. */
export function authError(
  response: HttpResponse,
  { credentials, isCloudsOwn }: Refused,
  identityUrl: string,
): OsrunError {
  const { status } = response
  const type = headerOf(response.headers, 'Content-Type') ?? ''
  const own =
    response.body === undefined ? undefined : cloudMessage(new TextDecoder().decode(response.body), type)
  const id = requestIdOf(response.headers)
  const where = phrase`${identityUrl}/auth/tokens`
  const said = phrase`${own === undefined ? '' : phrase`: ${cloudSentences.includes(own) ? ownPhrase(own) : own}`}${id === undefined ? '' : phrase` (Request-ID: ${id})`}`
  if (status === 407)
    return new OsrunError('AUTH_FAILED', phrase`A proxy on the way to ${where} refused with 407${said}`, {
      hint: 'Its user and password stand in the URL of http_proxy, https_proxy or all_proxy; no_proxy names hosts that need none.',
    })
  const isHtml = /html/i.test(type)
  if (status >= 500)
    return new OsrunError('AUTH_FAILED', phrase`Keystone answered ${status}${said}`, {
      hint: phrase`The service, or a gateway before it, is out of order at the moment: ${where}.`,
    })
  if (status === 404 && !/json/i.test(type))
    return new OsrunError(
      'IDENTITY_NOT_FOUND',
      phrase`There is no Keystone v3 at ${credentials.authUrl}: ${where} answered 404.`,
      {
        hint: phrase`OS_AUTH_URL is the URL of Keystone, with or without /v3; on many clouds it has a path such as /identity.`,
      },
    )
  if (status < 400 || isHtml)
    return new OsrunError(
      'IDENTITY_NOT_FOUND',
      phrase`${where} answered ${status} with ${type === '' ? ownPhrase('no content type') : type}, which is not Keystone${said}.`,
      {
        hint: phrase`A proxy or a web page may stand there; look at OS_AUTH_URL.`,
      },
    )
  return new OsrunError('AUTH_FAILED', phrase`Keystone refused with ${status}${said}`, {
    hint: hintFor(own ?? '', { credentials, isCloudsOwn }, response),
  })
}

function hintFor(said: string, refused: Refused, response: HttpResponse): Phrase | undefined {
  const { credentials } = refused
  const { status } = response
  if (headerOf(response.headers, 'Openstack-Auth-Receipt') !== undefined)
    return phrase`Keystone wants more than one method for this user${requiredMethods(response)}, and those sent were not enough: set OS_AUTH_TYPE=v3multifactor, OS_AUTH_METHODS=v3password,v3totp and OS_PASSCODE.`
  if (status === 400 && /domain/i.test(said))
    return /project/i.test(said)
      ? phrase`The project is given by name, so its domain is needed: set OS_PROJECT_DOMAIN_NAME (often Default).`
      : phrase`A user is given by name, so a domain is needed: set OS_USER_DOMAIN_NAME (often Default).`
  if (status === 429) return phrase`Too many tokens were asked for lately; wait a minute.`
  const [method] = credentials.methods
  if (status === 404 && method?.kind === 'token')
    return phrase`The token has expired or was revoked; make a new one.`
  if (status === 404 && method?.kind === 'application_credential')
    return phrase`The id of the application credential is wrong, or it was deleted.`
  if (status === 403 && credentials.scope.kind !== 'default')
    return phrase`A token of a trust or of an application credential takes no other scope, and a trust is for its trustee alone.`
  if (status !== 401) return undefined
  if (/unsupported method/i.test(said)) {
    const kinds = credentials.methods.map(({ kind }) => kind).join(', ')
    return phrase`This Keystone does not take the method ${ownPhrase(kinds)}; choose another OS_AUTH_TYPE.`
  }
  if (/application credential/i.test(said))
    return phrase`An application credential knows its project; leave the scope out.`
  return candidates(refused)
}

// `[["totp", "password"]]`: each list is one way in.
function requiredMethods(response: HttpResponse): string | Phrase {
  // The receipt's header says enough without its body.
  const { required_auth_methods: ways } = Object(parseJson(response.body)) as {
    readonly required_auth_methods?: unknown
  }
  const words = (Array.isArray(ways) ? ways : [])
    .filter((way) => Array.isArray(way))
    .map((way: readonly unknown[]) => way.filter((name) => typeof name === 'string').join(' and '))
  return words.length === 0 ? '' : phrase` (${words.join(', or ')})`
}

// Wrong password, unknown or disabled user, unknown domain, unknown project and a missing role look the same.
function candidates({ credentials, isCloudsOwn }: Refused): Phrase {
  const { scope, methods } = credentials
  const [method] = methods
  if (method === undefined) return phrase`No identity method was sent.`
  if (method.kind === 'application_credential')
    return phrase`The secret is wrong, or the application credential has expired or belongs to a disabled user.`
  if (method.kind === 'token')
    return scope.kind === 'default'
      ? phrase`The token has expired or was revoked; make a new one.`
      : phrase`The token has expired or was revoked, or there is ${ownPhrase(reasonsOf(scope).replace(', ', ' or '))}.`
  const secret = methods.some(({ kind }) => kind === 'totp')
    ? phrase`a wrong password or passcode`
    : phrase`a wrong password`
  const sent = describeSent(credentials).join(', ')
  return phrase`Sent: ${isCloudsOwn ? ownPhrase(sent) : sent}. Keystone has one answer for: ${secret}, an unknown or disabled user, an unknown domain, ${ownPhrase(reasonsOf(scope))}. To tell: \`authenticate: { scope: unscoped }\` works when user, domain and password are right, and GET /v3/auth/projects then lists the projects with a role. An id in place of a name (default for Default) is a common cause.`
}

function reasonsOf(scope: Scope): string {
  if (scope.kind === 'system') return 'no role on the system'
  if (scope.kind === 'domain') return 'no role on the domain'
  return scope.kind === 'trust' ? 'an unknown trust' : 'an unknown project, no role on the project'
}
