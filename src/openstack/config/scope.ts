import type { IdOrName, Scope } from '../../model/cloud.ts'
import { OsrunError } from '../../model/problem.ts'
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
  const scopes: { readonly scope: Scope; readonly from: string }[] = []
  const add = (scope: Scope, ...options: readonly string[]): void => {
    const from = options.flatMap((option) => settings.get(option)?.from ?? [])[0] ?? ''
    scopes.push({ scope, from })
  }
  if (system !== undefined) {
    if (system.value !== 'all')
      throw new OsrunError(
        'CLOUD_INVALID',
        `The system scope is to be "all", and is "${system.value}" (${system.from}).`,
      )
    add({ kind: 'system' }, 'system_scope')
  }
  if (trust !== undefined) add({ kind: 'trust', id: trust }, 'trust_id')
  if (projectId !== undefined) add({ kind: 'project', project: { id: projectId } }, 'project_id')
  else if (projectName !== undefined) {
    const own = toDomain(settings, 'project_domain')
    if (own === undefined && settings.get('auth_type')?.value === 'v3password') need('project_domain_name')
    add({ kind: 'project', project: { name: projectName, ...(own && { domain: own }) } }, 'project_name')
  }
  if (domain !== undefined) add({ kind: 'domain', domain }, 'domain_id', 'domain_name')
  if (scopes.length > 1)
    throw new OsrunError(
      'CLOUD_INVALID',
      `A token has one scope, and ${scopes.length} are asked for: ${scopes.map(({ scope, from }) => `${scope.kind} (${from})`).join(', ')}.`,
      { hint: 'Take all but one away.' },
    )
  return scopes[0]?.scope ?? { kind: 'default' }
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
