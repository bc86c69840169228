import { OsrunError } from '../model/problem.ts'
import { nearest } from '../util/nearest.ts'
import type { Settings } from './settings.ts'
import { addSetting } from './settings.ts'
import type { YamlFile, YamlMap } from './yaml-file.ts'
import { readYamlFile } from './yaml-file.ts'

/** Where files are looked for. */
export type FileSources = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly cwd: string
  readonly platform: string
  /** Undefined when there is no such file. */
  readFile(path: string): Promise<string | undefined>
}

/** The options of one cloud of clouds.yaml, with its regions. */
export type CloudEntry = {
  readonly name: string
  readonly settings: Settings
  readonly profile: string | undefined
}

/** The first clouds.yaml, secure.yaml or clouds-public.yaml of openstackclient's search list. */
async function find(
  kind: 'clouds' | 'secure' | 'clouds-public',
  sources: FileSources,
): Promise<YamlFile | undefined> {
  const { environment, home, cwd, platform } = sources
  const own = {
    clouds: environment.OS_CLIENT_CONFIG_FILE,
    secure: environment.OS_CLIENT_SECURE_FILE,
    'clouds-public': undefined,
  }[kind]
  const user =
    platform === 'darwin'
      ? `${home}/Library/Application Support/openstack`
      : `${environment.XDG_CONFIG_HOME || `${home}/.config`}/openstack`
  const folders = [
    ...new Set([cwd, user, `${home}/.config/openstack`, '/etc/xdg/openstack', '/etc/openstack']),
  ]
  const paths = folders.flatMap((folder) =>
    ['yaml', 'yml', 'json'].map((ending) => `${folder}/${kind}.${ending}`),
  )
  for (const path of [...(own ? [own] : []), ...paths]) {
    const file = await readYamlFile(path, sources.readFile)
    if (file !== undefined) return file
  }
  return undefined
}

/** The names in clouds.yaml, and the entry of one. `name` undefined: the only cloud, if there is just one. */
export async function readCloudEntry(
  name: string | undefined,
  region: string | undefined,
  sources: FileSources,
): Promise<CloudEntry | undefined> {
  const file = await find('clouds', sources)
  const clouds = file?.map('clouds')
  const names = clouds?.keys() ?? []
  const wanted = name ?? (names.length === 1 ? names[0] : undefined)
  if (wanted === undefined) return undefined
  const entry = clouds?.map(wanted)
  if (entry === undefined) throw unknownCloud(wanted, names, file?.path)
  const secure = (await find('secure', sources))?.map('clouds')?.map(wanted)
  const profile = entry.text('profile') ?? entry.text('cloud')
  const settings: Settings = new Map()
  if (profile !== undefined) await addProfile(settings, profile.value, sources)
  addEntry(settings, entry)
  if (secure) addEntry(settings, secure)
  addRegion(settings, entry, region, wanted)
  return { name: wanted, settings, profile: profile?.value }
}

function addEntry(settings: Settings, entry: YamlMap): void {
  for (const part of [entry.map('auth'), entry]) {
    const added: Settings = new Map()
    for (const key of part?.keys() ?? []) {
      if (['auth', 'regions', 'profile', 'cloud'].includes(key)) continue
      const found = part?.text(key)
      if (found) addSetting(added, key, found)
    }
    for (const [key, value] of added) settings.set(key, value)
  }
}

// Names are case-sensitive; without a wish the first region is the cloud's.
function addRegion(settings: Settings, entry: YamlMap, wanted: string | undefined, cloud: string): void {
  const regions = entry.list('regions')
  if (regions.length === 0) return
  const names = regions.map((one) => one.name)
  const chosen = wanted ?? settings.get('region_name')?.value ?? names[0]
  const found = regions.find((one) => one.name === chosen)
  if (found === undefined) {
    const guess = nearest(chosen ?? '', names)
    throw new OsrunError(
      'REGION_UNKNOWN',
      `Region ${chosen} is not a valid region name for cloud ${cloud}. Valid choices are ${names.join(',')}.`,
      {
        hint:
          guess === undefined
            ? 'Names are case-sensitive.'
            : `Did you mean ${guess}? Names are case-sensitive.`,
      },
    )
  }
  settings.set('region_name', { value: found.name, from: found.from })
  if (found.values) addEntry(settings, found.values)
}

async function addProfile(settings: Settings, name: string, sources: FileSources): Promise<void> {
  const entry = (await find('clouds-public', sources))?.map('public-clouds')?.map(name)
  if (entry) return addEntry(settings, entry)
  const own = builtIn[name]
  if (own === undefined)
    throw new OsrunError(
      'CLOUD_INVALID',
      `The profile "${name}" is in no clouds-public.yaml and is not built in.`,
      {
        hint: `Write its auth_url into clouds.yaml. Built in: ${Object.keys(builtIn).join(', ')}.`,
      },
    )
  for (const [key, value] of Object.entries(own))
    addSetting(settings, key, { value, from: `profile ${name}` })
}

const builtIn: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ovh: {
    auth_url: 'https://auth.cloud.ovh.net/',
    user_domain_name: 'Default',
    project_domain_name: 'Default',
    identity_api_version: '3',
  },
  'ovh-us': {
    auth_url: 'https://auth.cloud.ovh.us/',
    user_domain_name: 'Default',
    project_domain_name: 'Default',
    identity_api_version: '3',
  },
}

function unknownCloud(name: string, names: readonly string[], path: string | undefined): OsrunError {
  const guess = nearest(name, names)
  return new OsrunError('CLOUD_UNKNOWN', `Cloud ${name} was not found.`, {
    hint:
      path === undefined
        ? 'There is no clouds.yaml: it is looked for here, in ~/.config/openstack and in /etc/openstack; OS_CLIENT_CONFIG_FILE names another.'
        : `${path} has: ${names.join(', ')}.${guess === undefined ? '' : ` Did you mean ${guess}?`}`,
  })
}
