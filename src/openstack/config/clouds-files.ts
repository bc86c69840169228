import { OsrunError } from '../../model/problem.ts'
import { nearest } from '../../util/text/nearest.ts'
import { findConfigFile } from './find-config-file.ts'

import type { Setting, Settings } from './settings.ts'
import { addSetting, isKnownOption, optionName } from './settings.ts'
import type { FileSources } from './surroundings.ts'
import type { YamlMap, YamlRegion } from './yaml-file.ts'
import { emptyMap } from './yaml-file.ts'

/** The options of one cloud of clouds.yaml, with its regions. */
type CloudEntry = {
  readonly name: string
  readonly settings: Settings
}

/** An entry of clouds.yaml; without one, the names that could have been asked for. */
export type CloudLookup = { readonly entry: CloudEntry | undefined; readonly names: readonly string[] }

/**
 * The entry of a cloud, in clouds.yaml with secure.yaml over it. `name` undefined: the only cloud, if there is
 * just one.
 */
export async function readCloudEntry(
  name: string | undefined,
  region: string | undefined,
  sources: FileSources,
  note: (text: string) => void,
): Promise<CloudLookup> {
  const open = await findConfigFile('clouds', sources, note)
  const secure = await findConfigFile('secure', sources, note)
  const clouds = mergeMaps(open?.map('clouds'), secure?.map('clouds'))
  const names = clouds?.keys() ?? []
  const wanted = name ?? (names.length === 1 ? names[0] : undefined)
  if (wanted === undefined) return { entry: undefined, names }
  if (clouds === undefined || !names.includes(wanted))
    throw unknownCloud(wanted, names, open?.path ?? secure?.path)
  const entry = clouds.map(wanted) ?? emptyMap
  const profile = entry.text('profile') ?? entry.text('cloud')
  const settings: Settings = new Map()
  const vendor = profile && (await addProfile(settings, profile.value, sources, note))
  addEntry(settings, entry)
  addRegion(settings, regionsOf(settings, entry, vendor), region, wanted)
  return { entry: { name: wanted, settings }, names }
}

function addEntry(settings: Settings, entry: YamlMap): void {
  for (const part of [entry.map('auth'), entry]) {
    const added: Settings = new Map()
    for (const key of part?.keys() ?? []) {
      if (part === undefined || ['auth', 'regions', 'profile', 'cloud'].includes(key)) continue
      const found = textAt(part, key)
      if (found) addSetting(added, key, found)
    }
    for (const [key, value] of added) settings.set(key, value)
  }
}

function textAt(part: YamlMap, key: string): Setting | undefined {
  const kind = part.kind(key)
  const option = optionName(key)
  if (kind === 'list' && listOptions.has(option)) {
    const items = part.list(key)
    return { value: items.map(({ name }) => name).join(','), from: items[0]?.from ?? '' }
  }
  if (kind !== 'text' && kind !== 'none' && isKnownOption(option)) throw part.refuse(key, 'text; quote it')
  return part.text(key)
}

const listOptions: ReadonlySet<string> = new Set(['auth_methods', 'interface', 'region_name'])

// `region_name: R1,R2` is how lists of regions were once written.
function regionsOf(settings: Settings, entry: YamlMap, vendor: YamlMap | undefined): readonly YamlRegion[] {
  const listed = entry.list('regions')
  const several = settings.get('region_name')
  if (several?.value.includes(',')) {
    settings.delete('region_name')
    if (listed.length === 0)
      return several.value
        .split(',')
        .map((name) => ({ name: name.trim(), from: several.from, values: undefined }))
  }
  return listed.length > 0 ? listed : (vendor?.list('regions') ?? [])
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
  if (entry?.text('status')?.value === 'shutdown')
    throw new OsrunError(
      'CLOUD_INVALID',
      `The profile "${name}" is of a cloud that was shut down. ${entry.text('message')?.value ?? ''}`.trim(),
    )
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
    hint: hintFor(names, path, guess),
  })
}

function hintFor(names: readonly string[], path: string | undefined, guess: string | undefined): string {
  if (path === undefined)
    return 'No clouds.yaml was read: it is looked for here, in ~/.config/openstack and in /etc/openstack; OS_CLIENT_CONFIG_FILE names another.'
  if (names.length === 0) return `${path} has no entry under the key \`clouds\`.`
  return `${path} has: ${names.join(', ')}.${guess === undefined ? '' : ` Did you mean ${guess}?`}`
}

/** One mapping over another, as secure.yaml lies over clouds.yaml: mappings merge, texts and lists replace. */
function mergeMaps(under: YamlMap | undefined, over: YamlMap | undefined): YamlMap | undefined {
  if (under === undefined || over === undefined) return under ?? over
  const owner = (key: string): YamlMap => (over.kind(key) === 'none' ? under : over)
  return {
    keys: () => [...new Set([...under.keys(), ...over.keys()])],
    kind: (key) => owner(key).kind(key),
    map: (key) => mergeMaps(under.map(key), over.map(key)),
    text: (key) => owner(key).text(key),
    list: (key) => owner(key).list(key),
    refuse: (key, expected) => owner(key).refuse(key, expected),
  }
}
