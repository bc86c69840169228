import type { Credentials, IdentityMethod, InDomain } from '../../model/cloud.ts'
import { OsrunError } from '../../model/problem.ts'
import { nearest } from '../../util/text/nearest.ts'
import { foreignAuthTypes, wayAround } from './foreign-auth-types.ts'
import { normalizeDomains, toDomain, toScope } from './scope.ts'
import type { Setting, Settings } from './settings.ts'
import { isKnownOption } from './settings.ts'

/** The auth types of keystoneauth that osrun knows, by what each means here. */
const authTypes: Readonly<Record<string, string>> = {
  password: 'password',
  v3password: 'password',
  token: 'token',
  v3token: 'token',
  v3applicationcredential: 'application_credential',
  application_credential: 'application_credential',
  v3application_credential: 'application_credential',
  v3totp: 'totp',
  v3multifactor: 'multifactor',
  none: 'none',
  http_basic: 'http_basic',
  admin_token: 'admin_token',
  token_endpoint: 'admin_token',
}

/** What is known of the settings as a whole. */
type Background = {
  /** The name in clouds.yaml. */
  readonly cloud: string | undefined
  /** Variables that an openrc file would ask the user for. */
  readonly asked: ReadonlySet<string>
  /** Is told what was ignored, and why. */
  note(text: string): void
}

/** Settles who asks and for what. Throws CLOUD_INCOMPLETE or CLOUD_INVALID. */
export function toCredentials(settings: Settings, background: Background): Credentials {
  const { note } = background
  const type = authType(settings, note)
  const need = (option: string): string => {
    const found = settings.get(option)?.value
    if (found !== undefined) return found
    throw incomplete(option, type, settings, background)
  }
  const needUrl = (option: string): string =>
    checkedUrl(need(option), option.replace('_url', ' URL'), settings.get(option)?.from ?? '')
  if (type === 'none') return { kind: 'none', endpoint: needUrl('endpoint') }
  if (type === 'http_basic')
    return {
      kind: 'http_basic',
      endpoint: needUrl('endpoint'),
      username: need('username'),
      password: need('password'),
    }
  if (type === 'admin_token')
    return { kind: 'admin_token', endpoint: needUrl('endpoint'), token: need('token') }
  const authUrl = needUrl('auth_url')
  const kinds =
    type === 'multifactor'
      ? need('auth_methods')
          .split(',')
          .map((name) => name.trim())
          .map((name) => (Object.hasOwn(authTypes, name) ? (authTypes[name] ?? name) : name))
      : [type]
  noteUnused(settings, kinds, note)
  normalizeDomains(settings, type)
  const methods = kinds.map((kind) => toMethod(kind, settings, need))
  return { kind: 'keystone', authUrl, methods, scope: toScope(settings, kinds, need) }
}

// The address is printed in many places, so it may hold no secret.
function checkedUrl(url: string, what: string, from: string): string {
  if (!URL.canParse(url) || !/^https?:[^{}]*$/i.test(url))
    throw new OsrunError('CLOUD_INVALID', `The ${what} "${url}" (${from}) is no http or https URL.`, {
      hint: 'It looks like https://keystone.example/v3; where clouds.yaml builds it with {option}, that option has to be set.',
    })
  const { username, password } = new URL(url)
  if (username !== '' || password !== '')
    throw new OsrunError('CLOUD_INVALID', `The ${what} (${from}) holds a user or a password.`, {
      hint: 'Set OS_USERNAME and OS_PASSWORD instead.',
    })
  return url
}

function authType(settings: Settings, note: (text: string) => void): string {
  const given = settings.get('auth_type')
  if (given === undefined) return impliedType(settings, note)
  if (/^none$/i.test(given.value)) return 'none'
  const known = Object.hasOwn(authTypes, given.value) ? authTypes[given.value] : undefined
  if (known !== undefined) return known
  throw unsupported(given)
}

function unsupported({ value, from }: Setting): OsrunError {
  const what = Object.hasOwn(foreignAuthTypes, value) ? foreignAuthTypes[value] : undefined
  if (what !== undefined)
    return new OsrunError(
      'CLOUD_INVALID',
      `The auth type ${value} (${from}) ${what}; osrun does not support it.`,
      {
        hint: wayAround(value),
      },
    )
  const guess = nearest(value, [...Object.keys(authTypes), ...Object.keys(foreignAuthTypes)])
  const meant = guess === undefined ? '' : `Did you mean ${guess}? `
  return new OsrunError('CLOUD_INVALID', `The auth type "${value}" (${from}) is not supported.`, {
    hint: `${meant}Supported: ${Object.keys(authTypes).join(', ')}.`,
  })
}

function impliedType(settings: Settings, note: (text: string) => void): string {
  const isCredential =
    settings.has('application_credential_secret') ||
    (settings.has('application_credential_id') && !settings.has('password'))
  if (isCredential) {
    note('There is an application credential and no auth_type, so it is used.')
    return 'application_credential'
  }
  const token = settings.get('token')
  if (token === undefined) return 'password'
  if (!settings.has('username') && !settings.has('user_id')) return 'token'
  // A flag is what is meant now, and variables of a user may be left in a shell.
  const isFlag = (option: string): boolean => settings.get(option)?.from.startsWith('--') === true
  return isFlag('token') && !['username', 'user_id', 'password'].some(isFlag) ? 'token' : 'password'
}

function toMethod(kind: string, settings: Settings, need: (option: string) => string): IdentityMethod {
  switch (kind) {
    case 'password':
      return { kind, user: toUser(settings, need), password: need('password') }
    case 'totp':
      return { kind, user: toUser(settings, need), passcode: need('passcode') }
    case 'token':
      return { kind, token: need('token').trim() }
    case 'application_credential': {
      const id = settings.get('application_credential_id')?.value
      const secret = need('application_credential_secret')
      if (id !== undefined) return { kind, credential: { id }, secret }
      if (!settings.has('application_credential_name')) need('application_credential_id')
      return {
        kind,
        credential: { name: need('application_credential_name') },
        user: toUser(settings, need),
        secret,
      }
    }
    default:
      throw new OsrunError('CLOUD_INVALID', `The auth method "${kind}" is not supported.`, {
        hint: 'Supported: v3password, v3totp, v3token, v3applicationcredential.',
      })
  }
}

// keystoneauth stops at options that the method does not know, and Keystone refuses a scope beside an
// application credential; here they are told and left out.
function noteUnused(settings: Settings, kinds: readonly string[], note: (text: string) => void): void {
  const given = (options: readonly string[]): string =>
    options.flatMap((option) => settings.get(option)?.from ?? []).join(', ')
  if (kinds.includes('application_credential')) {
    const scope = given([...scopeOptions, 'project_domain_id', 'project_domain_name'])
    if (scope !== '') note(`An application credential knows its project; ${scope} beside it is not used.`)
  }
  const token = settings.get('token')
  if (token !== undefined && !kinds.includes('token'))
    note(
      `${token.from} is not used, since the login is by ${kinds.join(' and ').replace('_', ' ')}: auth_type v3token uses it.`,
    )
  if (!kinds.every((kind) => kind === 'token')) return
  const user = given(['username', 'user_id', 'user_domain_id', 'user_domain_name', 'password'])
  if (user !== '') note(`A token knows its user; ${user} beside it is not used.`)
}

const scopeOptions = [
  'project_id',
  'project_name',
  'domain_id',
  'domain_name',
  'system_scope',
  'trust_id',
] as const

function toUser(settings: Settings, need: (option: string) => string): InDomain {
  const id = settings.get('user_id')?.value
  if (id !== undefined) return { id }
  const domain = toDomain(settings, 'user_domain')
  const name = need('username')
  if (domain === undefined && settings.get('auth_type')?.value === 'v3password') need('user_domain_name')
  return { name, ...(domain && { domain }) }
}

function incomplete(
  option: string,
  type: string,
  settings: Settings,
  { asked, cloud }: Background,
): OsrunError {
  const variable = `OS_${option.toUpperCase()}`
  const named =
    settings.get('auth_type')?.value ?? (type === 'application_credential' ? 'v3applicationcredential' : type)
  const misspelt = nearest(
    option,
    [...settings.keys()].filter((name) => !isKnownOption(name)),
  )
  const { from } = (misspelt !== undefined && settings.get(misspelt)) || {}
  const elsewhere =
    option === 'auth_url' && cloud === undefined
      ? 'or name a cloud of clouds.yaml with --cloud or OS_CLOUD'
      : `or ${option} ${cloud === undefined ? 'in clouds.yaml' : `of the cloud ${cloud} in clouds.yaml or secure.yaml`}`
  const hint = asked.has(variable)
    ? `The openrc file would ask for it: set ${variable} in the environment.`
    : `Set ${variable}, ${elsewhere}.${from === undefined ? '' : ` Is ${misspelt} (${from}) meant to be it?`}`
  return new OsrunError(
    'CLOUD_INCOMPLETE',
    `Missing value ${option.replaceAll('_', '-')} required for auth type ${named}.`,
    { hint },
  )
}
