import type { Judged } from './clouds-oracle.ts'

/** What the two make of one value, or of the whole: an empty `key`, and why one of them refuses. */
type Differing = {
  readonly key: string
  readonly client: string | undefined
  readonly osrun: string | undefined
  readonly judged: Judged
}

/** The differences that are meant: docs/cli.md lists them, with the reasons, in this order. */
const meant: Readonly<Record<string, (one: Differing) => boolean>> = {
  'what is not text in YAML 1.1 stays as it is written': ({ osrun = '', judged }) =>
    /^(?:id |name )?[-+]?(?:[\d._:xoe-]+|0x\w+|y|n|yes|no|on|off|true|false)$/i.test(osrun) &&
    plainly(judged).includes(osrun.replace(/^(?:id|name) /, '')),
  'null is nothing': ({ client = '', judged }) =>
    /NoneType/.test(client) ||
    // It takes part in what the domains are for.
    judged.client.project?.endsWith(' None') === true ||
    (/: (?:null|~)$/m.test(plainly(judged)) && /^(?:name |id )?None$|^typed$|^$/.test(client)),
  'an empty value is nothing': ({ key, judged }) =>
    /project|user/.test(key) && /: ""$/m.test(plainly(judged)),
  'a domain of the user or the project goes before one for both': ({ key, judged }) =>
    /_domain$/.test(key) &&
    /domain[-_](?:id|name):.*\n[\s\S]*^ *domain_id:|^ *domain_id:[\s\S]*domain[-_](?:id|name):/m.test(
      plainly(judged),
    ),
  'a variable goes before the files for projects, domains, tokens and interfaces, too': ({ key, judged }) =>
    /project|domain|secret|interface/.test(key) &&
    Object.keys(judged.folder.environment).some((name) =>
      (key === 'interface' ? /_INTERFACE/ : /_(?:PROJECT|TENANT|DOMAIN|TOKEN)/).test(name),
    ),
  'a placeholder of an auth_url beside `auth` is filled, too': ({ key, client = '' }) =>
    key === 'auth_url' && client.includes('{'),
  'a placeholder without a value is an error': ({ key, osrun = '' }) =>
    (key === '' && /^CLOUD_INVALID: The auth URL ".*\{/.test(osrun)) ||
    (key === 'override' && osrun.includes('{')),
  'the built-in profiles of OVHcloud have no regions': ({ key, client }) =>
    key === 'region' && client === 'BHS',
  'the only cloud of a file needs no name': ({ key, client = '', judged }) =>
    key === '' && /auth-url/.test(client) && judged.folder.environment.OS_CLOUD === undefined,
  'what a login lacks is said before it': ({ key, osrun = '' }) =>
    key === '' && osrun.startsWith('CLOUD_INCOMPLETE'),
  'a profile that nobody knows is an error': ({ key, osrun = '' }) =>
    key === '' && /^CLOUD_INVALID: The profile/.test(osrun),
  'what a method does not use is left out with a note': ({ key, client = '' }) =>
    key === '' && /unexpected keyword argument|You have provided/.test(client),
  'a region that is asked for goes before a single `region_name`': ({ key, client = '', judged }) =>
    key === '' &&
    /not a valid region name/.test(client) &&
    judged.folder.environment.OS_REGION_NAME !== undefined,
  'a key that stands twice is an error': ({ key, osrun = '', client }) =>
    key === '' && client === undefined && /^CLOUDS_FILE_INVALID: .*unique/.test(osrun),
}

/** In what osrun and the client differ about a folder that is not meant. */
export function unmeant(judged: Judged): readonly Differing[] {
  return differing(judged).filter((one) => !Object.values(meant).some((rule) => rule(one)))
}

/** The names of the differences that are meant. */
export const meantDifferences: readonly string[] = Object.keys(meant)

/** How often each difference that is meant was met. */
export function counted(all: readonly Judged[]): Readonly<Record<string, number>> {
  const found = all.flatMap(differing)
  return Object.fromEntries(
    Object.entries(meant).map(([name, rule]) => [name, found.filter((one) => rule(one)).length]),
  )
}

function differing(judged: Judged): readonly Differing[] {
  const { client, osrun } = judged
  if (client.error !== undefined && osrun.error !== undefined) return []
  if (client.error !== undefined || osrun.error !== undefined)
    return [{ key: '', client: client.error, osrun: osrun.error, judged }]
  const differs = (key: string): boolean => client[key] !== osrun[key]
  // Of somebody else the domain is another, too, and without a project it is what is asked for.
  return [...new Set([...Object.keys(client), ...Object.keys(osrun)])]
    .filter((key) => differs(key) && !(key.endsWith('_domain') && differs(key.replace('_domain', ''))))
    .filter((key) => key !== 'domain' || !differs('project'))
    .map((key) => ({ key, client: client[key], osrun: osrun[key], judged }))
}

function plainly({ folder }: Judged): string {
  return Object.values(folder.files)
    .map((text) => (typeof text === 'string' ? text : Buffer.from(text).toString('latin1')))
    .join('\n')
}
