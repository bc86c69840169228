import type { Cloud, Origin } from '../model/cloud.ts'
import type { TlsOptions } from '../model/exchange.ts'
import { OsrunError } from '../model/problem.ts'
import type { FileSources } from './clouds-files.ts'
import { readCloudEntry } from './clouds-files.ts'
import { toCredentials } from './credentials.ts'
import { environmentSettings } from './environment-settings.ts'
import type { Openrc } from './openrc.ts'
import { parseOpenrc } from './openrc.ts'
import { officialType } from './service-types.ts'
import type { Settings } from './settings.ts'
import { optionName, secretOptions } from './settings.ts'

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
 *   OPENRC_INVALID or CLOUDS_FILE_INVALID
 */
export async function resolveCloud(sources: CloudSources): Promise<Cloud> {
  const notes: string[] = []
  const openrc = await readOpenrc(sources)
  const environment = environmentSettings(sources.environment, openrc)
  const flags: Settings = new Map()
  for (const [name, value] of Object.entries(sources.flags))
    if (value !== undefined && value !== false && name !== 'cloud' && name !== 'openrc')
      flags.set(optionName(name), { value: String(value), from: flagOf(name) })
  const name = cloudName(sources, openrc?.parsed)
  const selectors = new Set([
    'region_name',
    'insecure',
    'cacert',
    'cert',
    'key',
    'interface',
    'identity_api_version',
  ])
  const hasOwn = [...environment.keys(), ...flags.keys()].some((option) => !selectors.has(option))
  const wanted = (flags.get('region_name') ?? environment.get('region_name'))?.value
  const entry =
    name === undefined && (hasOwn || openrc !== undefined)
      ? undefined
      : await readCloudEntry(name, wanted, sources)
  if (entry === undefined && !hasOwn) throw missing()
  const settings: Settings = new Map([...(entry?.settings ?? []), ...environment, ...flags])
  const both = [...environment.keys()].filter((option) => entry !== undefined && !selectors.has(option))
  if (both.length > 0)
    notes.push(
      `The cloud "${entry?.name}" is changed by the environment: ${both.map((option) => environment.get(option)?.from).join(', ')}.`,
    )
  const credentials = toCredentials(settings, openrc?.parsed.asked ?? new Set(), (text) => notes.push(text))
  return {
    name: entry?.name,
    credentials,
    region: settings.get('region_name')?.value,
    interfaces: (settings.get('interface')?.value ?? 'public')
      .split(',')
      .map((one) => one.trim().replace(/URL$/, '')),
    tls: tlsOf(settings, sources.home, notes),
    endpointOverrides: overridesOf(settings),
    origins: originsOf(settings, sources.environment, openrc?.parsed),
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
    throw new OsrunError('FILE_UNREADABLE', `The openrc file "${file}" cannot be read.`, { cause })
  }
  if (text === undefined) throw new OsrunError('FILE_UNREADABLE', `There is no openrc file "${file}".`)
  return { parsed: parseOpenrc(text, file, sources.environment), file }
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

function missing(): OsrunError {
  return new OsrunError('CLOUD_MISSING', 'No cloud is configured, so there is nothing to ask.', {
    hint: 'Three ways out: --cloud NAME (or OS_CLOUD) for an entry of clouds.yaml; --openrc FILE or OS_* variables; --sandbox for the small cloud that is built in.',
  })
}

// insecure wins over everything; a cacert beside it is not looked at, which is told.
function tlsOf(settings: Settings, home: string, notes: string[]): TlsOptions {
  const verify = settings.get('verify')?.value
  const insecure =
    settings.get('insecure')?.value.toLowerCase() === 'true' || /^(false|no|off)$/i.test(verify ?? '')
  const path = (option: string): string | undefined => settings.get(option)?.value.replace(/^~(?=\/|$)/, home)
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

function overridesOf(settings: Settings): Readonly<Record<string, string>> {
  const overrides: Record<string, string> = {}
  for (const [option, { value }] of settings) {
    const service = /^(.+)_endpoint_override$/.exec(option)?.[1]
    if (service !== undefined) overrides[officialType(service.replaceAll('_', '-'))] = value
  }
  return overrides
}

function originsOf(
  settings: Settings,
  environment: CloudSources['environment'],
  openrc: Openrc | undefined,
): readonly Origin[] {
  return [...settings]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([option, { value, from, variable }]) => {
      const secret = secretOptions.has(option)
      const held =
        variable !== undefined &&
        (environment[variable] === value || openrc?.values.get(variable)?.value === value)
      return { option, value: secret ? '' : value, secret, from, ...(held && { variable }) }
    })
}
