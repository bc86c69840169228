import type { IdOrName, Scope } from '../model/cloud.ts'
import { OsrunError } from '../model/problem.ts'
import type { Settings } from './settings.ts'

/**
 * What the token is to be good for; `need` gives an option's value or throws. Domains are to be settled by
 * `normalizeDomains` before.
 */
export function toScope(
  settings: Settings,
  kinds: readonly string[],
  need: (option: string) => string,
): Scope {
  if (kinds.includes('application_credential')) return { kind: 'default' }
  const projectId = settings.get('project_id')?.value
  const projectName = settings.get('project_name')?.value
  const domain = toDomain(settings, 'domain')
  const system = settings.get('system_scope')
  const trust = settings.get('trust_id')?.value
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
    if (own === undefined && settings.get('auth_type')?.value === 'v3password') need('project_domain_name')
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

/**
 * Settles the domains of user and project: a domain beside a project is the default for both, and
 * openstackclient adds the domain `default` where the identity API version is said to be 3.
 */
export function normalizeDomains(settings: Settings, type: string): void {
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

/** The domain of `user_domain`, `project_domain` or `domain`; the id wins. */
export function toDomain(settings: Settings, prefix: string): IdOrName | undefined {
  const id = settings.get(`${prefix}_id`)?.value
  if (id !== undefined) return { id }
  const name = settings.get(`${prefix}_name`)?.value
  return name === undefined ? undefined : { name }
}
