import type { Credentials, IdentityMethod, IdOrName, InDomain, Scope } from '../model/cloud.ts'
import { OsrunError } from '../model/problem.ts'
import { nearest } from '../util/nearest.ts'
import type { Settings } from './settings.ts'

/** The auth types of keystoneauth that osrun knows, by what each means here. */
const authTypes: Readonly<Record<string, string>> = {
  password: 'password',
  v3password: 'password',
  token: 'token',
  v3token: 'token',
  v3applicationcredential: 'application_credential',
  application_credential: 'application_credential',
  v3totp: 'totp',
  v3multifactor: 'multifactor',
  none: 'none',
  http_basic: 'http_basic',
  admin_token: 'admin_token',
  token_endpoint: 'admin_token',
}

/** Settles who asks and for what. `note` is told what was ignored, and why. */
export function toCredentials(
  settings: Settings,
  asked: ReadonlySet<string>,
  note: (text: string) => void,
): Credentials {
  const type = authType(settings, note)
  const need = (option: string): string => {
    const found = settings.get(option)?.value
    if (found !== undefined) return found
    throw incomplete(option, settings.get('auth_type')?.value ?? 'password', asked)
  }
  if (type === 'none') return { kind: 'none', endpoint: need('endpoint') }
  if (type === 'http_basic')
    return {
      kind: 'http_basic',
      endpoint: need('endpoint'),
      username: need('username'),
      password: need('password'),
    }
  if (type === 'admin_token') return { kind: 'admin_token', endpoint: need('endpoint'), token: need('token') }
  const authUrl = need('auth_url')
  if (!URL.canParse(authUrl) || !/^https?:/.test(authUrl))
    throw new OsrunError(
      'CLOUD_INVALID',
      `The auth URL "${authUrl}" (${settings.get('auth_url')?.from}) is no http or https URL.`,
    )
  normalizeDomains(settings, type)
  const kinds =
    type === 'multifactor'
      ? need('auth_methods')
          .split(',')
          .map((name) => name.trim())
          .map((name) => (Object.hasOwn(authTypes, name) ? (authTypes[name] ?? name) : name))
      : [type]
  const methods = kinds.map((kind) => toMethod(kind, settings, need))
  noteUnused(settings, kinds, note)
  return { kind: 'keystone', authUrl, methods, scope: toScope(settings, kinds, note) }
}

function authType(settings: Settings, note: (text: string) => void): string {
  const given = settings.get('auth_type')
  if (given === undefined) return impliedType(settings, note)
  if (/^none$/i.test(given.value)) return 'none'
  const known = Object.hasOwn(authTypes, given.value) ? authTypes[given.value] : undefined
  if (known !== undefined) return known
  const guess = nearest(given.value, Object.keys(authTypes))
  const gone = given.value.startsWith('v2') ? ' Keystone v2 is gone since the Queens release.' : ''
  throw new OsrunError(
    'CLOUD_INVALID',
    `The auth type "${given.value}" (${given.from}) is not supported.${gone}`,
    {
      hint: `${guess === undefined ? '' : `Did you mean ${guess}? `}Supported: ${Object.keys(authTypes).join(', ')}.`,
    },
  )
}

function impliedType(settings: Settings, note: (text: string) => void): string {
  if (settings.has('application_credential_secret')) {
    note('There is an application credential and no auth_type, so it is used.')
    return 'application_credential'
  }
  if (!settings.has('username') && !settings.has('user_id') && settings.has('token')) return 'token'
  return 'password'
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

// keystoneauth stops at options that the method does not know; here they are told and left out.
function noteUnused(settings: Settings, kinds: readonly string[], note: (text: string) => void): void {
  if (!kinds.every((kind) => kind === 'token')) return
  const unused = ['username', 'user_id', 'user_domain_id', 'user_domain_name', 'password']
    .flatMap((option) => settings.get(option) ?? [])
    .filter(({ from }) => from !== 'default')
  if (unused.length > 0)
    note(`A token knows its user; ${unused.map(({ from }) => from).join(', ')} beside it is not used.`)
}

function toUser(settings: Settings, need: (option: string) => string): InDomain {
  const id = settings.get('user_id')?.value
  if (id !== undefined) return { id }
  const domain = toDomain(settings, 'user_domain')
  const name = need('username')
  if (domain === undefined && settings.get('auth_type')?.value === 'v3password') need('user_domain_name')
  return { name, ...(domain && { domain }) }
}

function toDomain(settings: Settings, prefix: string): IdOrName | undefined {
  const id = settings.get(`${prefix}_id`)?.value
  if (id !== undefined) return { id }
  const name = settings.get(`${prefix}_name`)?.value
  return name === undefined ? undefined : { name }
}

// A domain beside a project is the default for the domains of user and project; openstackclient adds the
// domain `default` where the identity API version is said to be 3.
function normalizeDomains(settings: Settings, type: string): void {
  const hasProject = settings.has('project_id') || settings.has('project_name')
  const fill = (from: string): void => {
    for (const part of ['id', 'name']) {
      const setting = settings.get(`${from}_${part}`)
      if (setting === undefined) continue
      for (const prefix of hasProject ? ['user_domain', 'project_domain'] : ['user_domain'])
        if (toDomain(settings, prefix) === undefined) settings.set(`${prefix}_${part}`, setting)
    }
  }
  if (hasProject) {
    fill('domain')
    settings.delete('domain_id')
    settings.delete('domain_name')
  }
  fill('default_domain')
  if (
    settings.get('identity_api_version')?.value !== '3' ||
    !['password', 'totp', 'multifactor'].includes(type)
  )
    return
  const standard = settings.get('default_domain') ?? { value: 'default', from: 'default' }
  if (toDomain(settings, 'user_domain') === undefined && !settings.has('user_id'))
    settings.set('user_domain_id', standard)
  if (
    settings.has('project_name') &&
    !settings.has('project_id') &&
    toDomain(settings, 'project_domain') === undefined
  )
    settings.set('project_domain_id', standard)
}

function toScope(settings: Settings, kinds: readonly string[], note: (text: string) => void): Scope {
  const projectId = settings.get('project_id')?.value
  const projectName = settings.get('project_name')?.value
  const domain = toDomain(settings, 'domain')
  const system = settings.get('system_scope')
  const trust = settings.get('trust_id')?.value
  if (kinds.includes('application_credential')) {
    if (projectId ?? projectName ?? domain ?? system ?? trust)
      note(
        'An application credential knows its project; the project, domain or system scope beside it is ignored.',
      )
    return { kind: 'default' }
  }
  const scopes: Scope[] = []
  if (system !== undefined) {
    if (system.value !== 'all')
      throw new OsrunError(
        'CLOUD_INVALID',
        `The system scope is to be "all", and is "${system.value}" (${system.from}).`,
      )
    scopes.push({ kind: 'system' })
  }
  if (trust !== undefined) scopes.push({ kind: 'trust', id: trust })
  if (projectId !== undefined) scopes.push({ kind: 'project', project: { id: projectId } })
  else if (projectName !== undefined) {
    const own = toDomain(settings, 'project_domain')
    if (own === undefined && settings.get('auth_type')?.value === 'v3password')
      throw incomplete('project_domain_name', 'v3password', new Set())
    scopes.push({ kind: 'project', project: { name: projectName, ...(own && { domain: own }) } })
  }
  if (domain !== undefined) scopes.push({ kind: 'domain', domain })
  const [scope, second] = scopes
  if (second !== undefined)
    throw new OsrunError(
      'CLOUD_INVALID',
      `A token has one scope, and both ${scope?.kind} and ${second.kind} are asked for.`,
      { hint: '`osrun cloud` shows where each value comes from.' },
    )
  return scope ?? { kind: 'default' }
}

function incomplete(option: string, type: string, asked: ReadonlySet<string>): OsrunError {
  const variable = `OS_${option.toUpperCase()}`
  const hint = asked.has(variable)
    ? `The openrc file would ask for it: set ${variable} in the environment.`
    : `Set ${variable}, or ${option} in clouds.yaml.`
  return new OsrunError(
    'CLOUD_INCOMPLETE',
    `Missing value ${option.replaceAll('_', '-')} required for auth type ${type}.`,
    { hint },
  )
}
