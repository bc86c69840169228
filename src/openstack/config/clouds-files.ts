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
  const layers: Layers = { auth: new Map(), beside: new Map() }
  const vendor = profile && (await addProfile(layers, profile.value, sources, note))
  addEntry(layers, entry)
  const place = regionOf(regionsOf(entry, vendor), region, wanted)
  if (place?.values) addEntry(layers, place.values)
  const settings = combined(layers)
  if (place !== undefined) settings.set('region_name', { value: place.name, from: place.from })
  return { entry: { name: wanted, settings }, names }
}

/** Options as they are spelt, of a profile, of the entry over it and of its region over both: within `auth`, and beside it. */
type Layers = { readonly auth: Settings; readonly beside: Settings }

function addEntry(layers: Layers, entry: YamlMap): void {
  addTexts(layers.auth, entry.map('auth'))
  addTexts(layers.beside, entry)
}

function addTexts(settings: Settings, part: YamlMap | undefined): void {
  for (const key of part?.keys() ?? []) {
    if (part === undefined || ['auth', 'regions', 'profile', 'cloud'].includes(key)) continue
    const found = textAt(part, key)
    if (found !== undefined && found.value !== '') settings.set(key, found)
  }
}

// What stands beside `auth` goes before what is in it, but for these: there `auth` does, and the last spelling. So the client of
// OpenStack has it, whose files these are.
const lastSpelling: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    [
      'domain_id',
      'domain_name',
      'user_domain_id',
      'user_domain_name',
      'project_domain_id',
      'project_domain_name',
    ].map((name) => [name, [name]]),
  ),
  project_id: ['tenant_id', 'project_id'],
  project_name: ['tenant_name', 'project_name'],
  token: ['auth_token', 'token'],
  interface: ['interface', 'endpoint_type'],
}

function combined({ auth, beside }: Layers): Settings {
  const settings: Settings = new Map()
  for (const layer of [auth, beside]) {
    const added: Settings = new Map()
    for (const [key, setting] of layer) addSetting(added, key, setting)
    for (const [option, setting] of added) settings.set(option, setting)
  }
  for (const [option, names] of Object.entries(lastSpelling)) {
    const spellings = names.flatMap((name) => [name, name.replaceAll('_', '-')])
    const found = spellings.flatMap((name) => [beside.get(name), auth.get(name)]).findLast((one) => one)
    if (found !== undefined) settings.set(option, found)
  }
  return settings
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

/** The regions that a cloud has, or the only one that is named, beside which there may be others. */
type Regions = { readonly known: readonly YamlRegion[]; readonly only?: YamlRegion }

// An entry's own `regions` go before its `region_name`, and both before those of the profile; `region_name: R1,R2` is how lists
// of regions were once written.
function regionsOf(entry: YamlMap, vendor: YamlMap | undefined): Regions {
  for (const part of [entry, vendor]) {
    if (part === undefined) continue
    if (part.kind('regions') !== 'none') return { known: part.list('regions') }
    const named = textAt(part, 'region_name') ?? textAt(part, 'region')
    if (named === undefined || named.value === '') continue
    const known = named.value
      .split(',')
      .map((name) => ({ name: name.trim(), from: named.from, values: undefined }))
    const [only, ...more] = known
    return more.length === 0 && only !== undefined ? { known: [], only } : { known }
  }
  return { known: [] }
}

// Names are case-sensitive; without a wish the first region is the cloud's. A wish goes before a single `region_name`.
function regionOf(
  { known, only }: Regions,
  wanted: string | undefined,
  cloud: string,
): YamlRegion | undefined {
  if (wanted === undefined) return only ?? known[0]
  const found = known.find((one) => one.name === wanted)
  if (found !== undefined || known.length === 0) return found
  const names = known.map((one) => one.name)
  const guess = nearest(wanted, names)
  throw new OsrunError(
    'REGION_UNKNOWN',
    `Region ${wanted} is not a valid region name for cloud ${cloud}. Valid choices are ${names.join(',')}.`,
    {
      hint:
        guess === undefined
          ? 'Names are case-sensitive.'
          : `Did you mean ${guess}? Names are case-sensitive.`,
    },
  )
}

// What clouds-public.yaml says of a profile comes before what is built in.
async function addProfile(
  layers: Layers,
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
  if (entry) addEntry(layers, entry)
  else if (own)
    for (const [key, value] of Object.entries(own))
      (key === 'auth_url' || key.endsWith('_domain_name') ? layers.auth : layers.beside).set(key, {
        value,
        from: `profile ${name}`,
      })
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
