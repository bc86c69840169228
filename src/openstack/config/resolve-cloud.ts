import type { Cloud, ValueSource } from '../../model/cloud.ts'
import type { TlsOptions } from '../../model/exchange.ts'
import { OsrunError } from '../../model/problem.ts'
import { fileTrouble } from '../../util/files/file-trouble.ts'
import { acceptableTypes, officialType } from '../catalog/service-types.ts'
import type { Openrc } from '../openrc/parse-openrc.ts'
import { parseOpenrc } from '../openrc/parse-openrc.ts'
import { readCloudEntry } from './clouds-files.ts'
import { toCredentials } from './credentials.ts'
import { environmentSettings, noteKept, proxyVariables } from './environment-settings.ts'
import type { Setting, Settings } from './settings.ts'
import { isCredentialOption, isKnownOption, isSecretOption, optionName } from './settings.ts'
import type { FileSources } from './surroundings.ts'

/** Where a cloud's values are looked for. */
export type CloudSources = FileSources & {
  /** What the command line says: `cloud`, `openrc`, and options by name such as `region` or `username`. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
}

/**
 * Settles which cloud is asked, by whom and for what, in openstackclient's order: flags, environment (an
 * openrc file stands for it), values of the region, clouds.yaml with secure.yaml, profile, defaults.
 *
 * @throws OsrunError CLOUD_MISSING, CLOUD_UNKNOWN, CLOUD_INCOMPLETE, CLOUD_INVALID, REGION_UNKNOWN,
 *   OPENRC_INVALID, CLOUDS_FILE_INVALID or ENCODING_INVALID
 */
export async function resolveCloud(sources: CloudSources): Promise<Cloud> {
  const [files, notes]: [string[], string[]] = [[], []]
  try {
    return await settle({
      sources: {
        ...sources,
        async readFile(path) {
          const text = await sources.readFile(path)
          if (text !== undefined) files.push(path)
          return text
        },
      },
      files,
      notes,
    })
  } catch (error) {
    if (!(error instanceof OsrunError) || notes.length === 0) throw error
    // What was passed over on the way may be the reason.
    const hint = [...notes, error.hint ?? ''].join(' ').trim()
    throw new OsrunError(error.code, error.message, { at: error.at, cause: error.cause, hint })
  }
}

async function settle({
  sources,
  files,
  notes,
}: {
  readonly sources: CloudSources
  readonly files: readonly string[]
  readonly notes: string[]
}): Promise<Cloud> {
  const openrc = await readOpenrc(sources)
  const environment = environmentSettings(sources.environment, openrc)
  const proxies = proxyVariables(openrc?.parsed)
  const flags: Settings = new Map()
  for (const [name, value] of Object.entries(sources.flags))
    if (value !== undefined && value !== false && value !== '' && name !== 'cloud' && name !== 'openrc')
      flags.set(optionName(name), { value: String(value), from: flagOf(name) })
  const name = cloudName(sources, openrc?.parsed)
  const note = (text: string): void => {
    notes.push(text)
  }
  noteKept(openrc, note)
  const hasOwn = [...environment.keys(), ...flags.keys()].some(isCredentialOption)
  const wanted = (flags.get('region_name') ?? environment.get('region_name'))?.value
  const { entry, names } =
    name === undefined && (hasOwn || openrc !== undefined)
      ? { entry: undefined, names: [] }
      : await readCloudEntry(name, wanted, sources, note)
  if (entry === undefined && !hasOwn) throw missing(names)
  const layers = [entry?.settings ?? new Map(), environment, flags]
  const settings: Settings = new Map(layers.flatMap((layer) => [...layer]))
  noteMixture(entry?.name, layers, note)
  fillPlaceholders(settings)
  const asked = openrc?.parsed.asked ?? new Set<string>()
  const credentials = toCredentials(settings, { cloud: entry?.name, asked, note })
  return {
    name: entry?.name,
    credentials,
    region: settings.get('region_name')?.value,
    interfaces: interfacesOf(settings.get('interface')?.value ?? ''),
    tls: tlsOf(settings, sources.home, notes),
    endpointOverrides: overridesOf(settings),
    ...(proxies && { proxies }),
    valueSources: valueSourcesOf(settings, sources.environment, openrc?.parsed),
    files,
    notes,
  }
}

async function readOpenrc(
  sources: CloudSources,
): Promise<{ readonly parsed: Openrc; readonly file: string } | undefined> {
  const { openrc: file } = sources.flags
  if (typeof file !== 'string') return undefined
  let text: string | undefined
  try {
    text = await sources.readFile(file)
  } catch (cause) {
    if (cause instanceof OsrunError) throw cause
    throw new OsrunError(
      'FILE_UNREADABLE',
      `The openrc file "${file}" cannot be read: ${fileTrouble(cause)}.`,
      { cause },
    )
  }
  if (text === undefined) throw new OsrunError('FILE_UNREADABLE', `There is no openrc file "${file}".`)
  return { parsed: await parseOpenrc(text, file, sources.environment), file }
}

function cloudName({ flags, environment }: CloudSources, openrc: Openrc | undefined): string | undefined {
  if (typeof flags.cloud === 'string') return flags.cloud
  const own = openrc === undefined ? environment.OS_CLOUD : openrc.values.get('OS_CLOUD')?.value
  return own === '' ? undefined : own
}

function flagOf(name: string): string {
  return ['region', 'interface', 'insecure', 'cacert', 'cert', 'key'].includes(name)
    ? `--${name}`
    : `--os-${name.replaceAll('_', '-')}`
}

function missing(names: readonly string[]): OsrunError {
  const several =
    names.length > 1 ? 'clouds.yaml has several clouds, and none is named.' : 'No cloud is configured.'
  return new OsrunError('CLOUD_MISSING', `${several} There is nothing to ask.`, {
    hint: `Three ways out: --cloud NAME (or OS_CLOUD) for an entry of clouds.yaml${names.length > 1 ? ` (${names.join(', ')})` : ''}; --openrc FILE or OS_* variables; --sandbox for the small cloud that is built in.`,
  })
}

// What people most often stumble over: variables left in a shell that change a cloud of clouds.yaml.
function noteMixture(
  cloud: string | undefined,
  layers: readonly Settings[],
  note: (text: string) => void,
): void {
  const [, environment] = layers
  const changed = [...(environment ?? [])].filter(
    ([option]) => cloud !== undefined && isCredentialOption(option),
  )
  if (changed.length > 0)
    note(
      `The cloud "${cloud}" is changed by the environment: ${changed.map(([, { from }]) => from).join(', ')}.`,
    )
  for (const thing of ['project', 'user', 'user_domain', 'project_domain', 'domain']) {
    const called = thing === 'user' ? 'username' : `${thing}_name`
    const name = layers.findLastIndex((layer) => layer.has(called))
    const id = layers.findLastIndex((layer) => layer.has(`${thing}_id`))
    if (id < 0 || name <= id) continue
    const from = (layer: number, option: string): string => layers[layer]?.get(option)?.from ?? ''
    note(
      `The ${called} of ${from(name, called)} is not used: the ${thing}_id of ${from(id, `${thing}_id`)} wins over a name.`,
    )
  }
}

// `https://{region_name}.example/v3`: a clouds.yaml may build its URLs of other options.
function fillPlaceholders(settings: Settings): void {
  for (const [option, setting] of settings) {
    if (option !== 'auth_url' && !option.endsWith('_endpoint_override')) continue
    const value = setting.value.replace(/\{(\w+)\}/g, (whole, other: string) =>
      isSecretOption(other) ? whole : (settings.get(other)?.value ?? whole),
    )
    if (value !== setting.value) settings.set(option, { value, from: setting.from })
  }
}

function interfacesOf(text: string): readonly string[] {
  const names = text
    .split(',')
    .map((one) => one.trim().replace(/URL$/, ''))
    .filter((one) => one !== '')
  return names.length > 0 ? names : ['public']
}

// insecure wins over everything; a cacert beside it is not looked at, which is told.
function tlsOf(settings: Settings, home: string, notes: string[]): TlsOptions {
  const insecure =
    isOn(settings.get('insecure')) || /^(false|no|off)$/i.test(settings.get('verify')?.value ?? '')
  const path = (option: string): string | undefined =>
    settings.get(option)?.value.replace(/^~(?=\/|$)/, () => home)
  const [cacert, cert, key] = [path('cacert'), path('cert'), path('key')]
  if (insecure && cacert !== undefined)
    notes.push('Certificates are not verified, so the cacert is not used.')
  return {
    insecure,
    ...(cacert !== undefined && { cacert }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  }
}

// In a variable only `true` is true; a file may also say it as YAML 1.1 does.
function isOn(setting: Setting | undefined): boolean {
  if (setting === undefined) return false
  return setting.variable === undefined
    ? /^(true|yes|on)$/i.test(setting.value)
    : /^true$/i.test(setting.value)
}

// The official type's own key comes first, then those of its aliases in the table's order.
function overridesOf(settings: Settings): Readonly<Record<string, string>> {
  const given = new Map<string, string>()
  for (const [option, { value }] of settings) {
    const service = /^(.+)_endpoint_override$/.exec(option)?.[1]?.replaceAll('_', '-')
    if (service !== undefined) given.set(service, value)
  }
  const overrides: Record<string, string> = {}
  for (const type of new Set([...given.keys()].map(officialType))) {
    const best = acceptableTypes(type).find((one) => given.has(one))
    const url = given.get(best ?? '')
    if (url !== undefined) overrides[type] = url
  }
  return overrides
}

function valueSourcesOf(
  settings: Settings,
  environment: CloudSources['environment'],
  openrc: Openrc | undefined,
): readonly ValueSource[] {
  return [...settings]
    .filter(([option]) => isKnownOption(option))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([option, { value, from, variable }]) => {
      const secret = isSecretOption(option)
      const held =
        variable !== undefined &&
        (environment[variable] === value || openrc?.values.get(variable)?.value === value)
      return { option, value: secret ? '' : value, secret, from, ...(held && { variable }) }
    })
}
