import { isSecretName } from '../../util/secret-names.ts'

/** One option's value and where it came from. */
export type Setting = { readonly value: string; readonly from: string; readonly variable?: string }

/** Options by their clouds.yaml name: `project_name`. */
export type Settings = Map<string, Setting>

/** Whether nobody may see an option's value; by its name, since any OS_* variable can become an option. */
export function isSecretOption(option: string): boolean {
  return isSecretName(option) || /(^|_)code$/.test(option)
}

/** Whether an option says whom to ask as whom, and not merely how. */
export function isCredentialOption(option: string): boolean {
  return credentialOptions.has(option)
}

/** Whether anything is done with an option; files and shells hold others, too. */
export function isKnownOption(option: string): boolean {
  return credentialOptions.has(option) || otherOptions.has(option) || option.endsWith('_endpoint_override')
}

const credentialOptions: ReadonlySet<string> = new Set([
  'auth_type',
  'auth_url',
  'auth_methods',
  'username',
  'user_id',
  'password',
  'passcode',
  'token',
  'application_credential_id',
  'application_credential_name',
  'application_credential_secret',
  'endpoint',
  'user_domain_id',
  'user_domain_name',
  'project_id',
  'project_name',
  'project_domain_id',
  'project_domain_name',
  'domain_id',
  'domain_name',
  'default_domain',
  'default_domain_id',
  'default_domain_name',
  'system_scope',
  'trust_id',
])

const otherOptions: ReadonlySet<string> = new Set([
  'region_name',
  'interface',
  'identity_api_version',
  'insecure',
  'verify',
  'cacert',
  'cert',
  'key',
])

const aliases: Readonly<Record<string, string>> = {
  tenant_id: 'project_id',
  tenant_name: 'project_name',
  auth_plugin: 'auth_type',
  endpoint_type: 'interface',
  user_name: 'username',
  userid: 'user_id',
  url: 'endpoint',
  region: 'region_name',
  auth_token: 'token',
}

/** An option's own name for any of its spellings. */
export function optionName(name: string): string {
  const plain = name.replaceAll('-', '_')
  return Object.hasOwn(aliases, plain) ? (aliases[plain] ?? plain) : plain
}

/** Adds a setting; an alias gives way to the option's own name, and nothing is added for an empty value. */
export function addSetting(settings: Settings, name: string, setting: Setting): void {
  const own = optionName(name)
  if (setting.value === '' || (own !== name.replaceAll('-', '_') && settings.has(own))) return
  settings.set(own, setting)
}
