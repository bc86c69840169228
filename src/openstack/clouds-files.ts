import { OsrunError } from '../model/problem.ts'
import { nearest } from '../util/nearest.ts'
import { findConfigFile } from './find-config-file.ts'
import type { Settings } from './settings.ts'
import { addSetting } from './settings.ts'
import type { FileSources } from './surroundings.ts'
import type { YamlMap, YamlRegion } from './yaml-file.ts'

/** The options of one cloud of clouds.yaml, with its regions. */
type CloudEntry = {
  readonly name: string
  readonly settings: Settings
}

/** An entry of clouds.yaml; without one, the names that could have been asked for. */
export type CloudLookup = { readonly entry: CloudEntry | undefined; readonly names: readonly string[] }

/** The entry of a cloud. `name` undefined: the only cloud, if there is just one. */
export async function readCloudEntry(
  name: string | undefined,
  region: string | undefined,
  sources: FileSources,
  note: (text: string) => void,
): Promise<CloudLookup> {
  const file = await findConfigFile('clouds', sources, note)
  const clouds = file?.map('clouds')
  const names = clouds?.keys() ?? []
  const wanted = name ?? (names.length === 1 ? names[0] : undefined)
  if (wanted === undefined) return { entry: undefined, names }
  const entry = clouds?.map(wanted)
  if (entry === undefined) throw unknownCloud(wanted, names, file?.path)
  const secure = (await findConfigFile('secure', sources, note))?.map('clouds')?.map(wanted)
  const profile = entry.text('profile') ?? entry.text('cloud')
  const settings: Settings = new Map()
  const vendor = profile && (await addProfile(settings, profile.value, sources, note))
  addEntry(settings, entry)
  if (secure) addEntry(settings, secure)
  const listed = entry.list('regions')
  addRegion(settings, listed.length > 0 ? listed : (vendor?.list('regions') ?? []), region, wanted)
  return { entry: { name: wanted, settings }, names }
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
function addRegion(
  settings: Settings,
  regions: readonly YamlRegion[],
  wanted: string | undefined,
  cloud: string,
): void {
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

// What clouds-public.yaml says of a profile comes before what is built in.
async function addProfile(
  settings: Settings,
  name: string,
  sources: FileSources,
  note: (text: string) => void,
): Promise<YamlMap | undefined> {
  const entry = (await findConfigFile('clouds-public', sources, note))?.map('public-clouds')?.map(name)
  const own = Object.hasOwn(builtIn, name) ? builtIn[name] : undefined
  if (entry) addEntry(settings, entry)
  else if (own)
    for (const [key, value] of Object.entries(own))
      addSetting(settings, key, { value, from: `profile ${name}` })
  else
    throw new OsrunError(
      'CLOUD_INVALID',
      `The profile "${name}" is in no clouds-public.yaml and is not built in.`,
      {
        hint: `Write its auth_url into clouds.yaml. Built in: ${Object.keys(builtIn).join(', ')}.`,
      },
    )
  return entry
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
