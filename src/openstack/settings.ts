/** One option's value and where it came from. */
export type Setting = { readonly value: string; readonly from: string; readonly variable?: string }

/** Options by their clouds.yaml name: `project_name`. */
export type Settings = Map<string, Setting>

/** Whether nobody may see an option's value; by its name, since any OS_* variable can become an option. */
export function isSecretOption(option: string): boolean {
  return /passw|passcode|passphrase|secret|token$|(^|_)code$|api_key|temp_url_key/.test(option)
}

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
