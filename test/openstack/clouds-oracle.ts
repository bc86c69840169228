import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cloud, IdentityMethod, IdOrName, InDomain } from '../../src/model/cloud.ts'
import { OsrunError } from '../../src/model/problem.ts'
import { resolveCloud } from '../../src/openstack/config/resolve-cloud.ts'
import { surroundings } from '../../src/openstack/config/surroundings.ts'
import type { Folder } from './clouds-grammar.ts'

/** What a login would say and where it would go, by names; or, as `error`, why there is none. */
type Settled = Readonly<Record<string, string | undefined>>

/** What openstackclient and osrun make of the same folders. */
export type Judged = { readonly folder: Folder; readonly client: Settled; readonly osrun: Settled }

/** Lets both read each of the folders; the client does it in one process. */
export async function judge(folders: readonly Folder[]): Promise<readonly Judged[]> {
  const root = mkdtempSync(join(tmpdir(), 'clouds-'))
  try {
    const cases = folders.map(({ files, environment }, index) => {
      const own = join(root, String(index))
      mkdirSync(own)
      for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text)
      return { folder: own, environment: { HOME: '/home/me', LC_ALL: 'C.UTF-8', ...environment } }
    })
    const clients = byClient(cases)
    const osruns = await Promise.all(cases.map(byOsrun))
    return folders.map((folder, index) => ({
      folder,
      client: clients[index] ?? { error: 'nothing' },
      osrun: osruns[index] ?? { error: 'nothing' },
    }))
  } finally {
    rmSync(root, { recursive: true })
  }
}

type Case = { readonly folder: string; readonly environment: Readonly<Record<string, string>> }

function byClient(cases: readonly Case[]): readonly Settled[] {
  const script = fileURLToPath(new URL('clouds-oracle.py', import.meta.url))
  const output = execFileSync('/usr/bin/python3', [script], {
    input: cases.map((one) => `${JSON.stringify(one)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PATH: '/usr/bin:/bin', HOME: '/home/me', LC_ALL: 'C.UTF-8' },
  })
  return output
    .trim()
    .split('\n')
    .map((line) => toSettled(JSON.parse(line)))
}

type Found = {
  readonly error?: string
  readonly name: string
  readonly type: string
  readonly auth: Readonly<Record<string, string | null>>
  readonly region: string | null
  readonly interface: string
  readonly verify: boolean | string
  readonly cert: string | readonly string[] | null
  readonly override: string | null
}

// What keystoneauth would say with these options: an id goes before a name, and only a name has a domain.
function toSettled({ error, auth, cert, ...found }: Found): Settled {
  if (error !== undefined) return { error }
  const of = (key: string): string | undefined => auth[key] || undefined
  const named = (thing: string, name: string): string | undefined =>
    of(`${thing}_id`) !== undefined ? `id ${of(`${thing}_id`)}` : of(name) && `name ${of(name)}`
  const domain = (thing: string, name: string): string | undefined =>
    of(`${thing}_id`) === undefined && of(name) !== undefined
      ? named(`${thing}_domain`, `${thing}_domain_name`)
      : undefined
  const type = found.type.replace(/^v3/, '')
  const byPassword = type === 'password'
  const scoped = type !== 'applicationcredential'
  const [certificate, key] = typeof cert === 'string' ? [cert] : (cert ?? [])
  const scopes = ['project', 'domain'].filter((thing) => of(`${thing}_id`) ?? of(`${thing}_name`))
  if (scoped && [...scopes, ...(of('system_scope') === undefined ? [] : ['system'])].length > 1)
    return { error: 'Authentication cannot be scoped to multiple targets.' }
  return {
    name: found.name === 'envvars' ? undefined : found.name,
    type,
    auth_url: of('auth_url'),
    user: byPassword ? named('user', 'username') : undefined,
    user_domain: byPassword ? domain('user', 'username') : undefined,
    secret: of(byPassword ? 'password' : type === 'token' ? 'token' : 'application_credential_secret'),
    credential: scoped ? undefined : named('application_credential', 'application_credential_name'),
    project: scoped ? named('project', 'project_name') : undefined,
    project_domain: scoped ? domain('project', 'project_name') : undefined,
    domain: scoped ? named('domain', 'domain_name') : undefined,
    system: scoped ? of('system_scope') : undefined,
    region: found.region || undefined,
    interface: found.interface.replace(/URL$/, ''),
    verify: String(found.verify !== false),
    cacert: typeof found.verify === 'string' ? found.verify : undefined,
    cert: certificate,
    key,
    override: found.override || undefined,
  }
}

async function byOsrun({ folder, environment }: Case): Promise<Settled> {
  try {
    const place = surroundings({ env: environment, platform: 'linux', cwd: () => folder })
    return ofCloud(await resolveCloud({ ...place, home: '/home/me', flags: {} }))
  } catch (error) {
    if (!(error instanceof OsrunError)) throw error
    return { error: `${error.code}: ${error.message}` }
  }
}

function ofCloud({ name, credentials, region, interfaces, tls, endpointOverrides }: Cloud): Settled {
  if (credentials.kind !== 'keystone') return { error: `kind ${credentials.kind}` }
  const [method] = credentials.methods
  const { scope } = credentials
  const user = method !== undefined && 'user' in method ? method.user : undefined
  const project = scope.kind === 'project' ? scope.project : undefined
  return {
    name,
    type: method?.kind.replace('_', ''),
    auth_url: credentials.authUrl,
    user: named(user),
    user_domain: named(user?.domain),
    secret: method && secretOf(method),
    credential: method?.kind === 'application_credential' ? named(method.credential) : undefined,
    project: named(project),
    project_domain: named(project?.domain),
    domain: scope.kind === 'domain' ? named(scope.domain) : undefined,
    system: scope.kind === 'system' ? 'all' : undefined,
    region,
    interface: interfaces.join(','),
    verify: String(!tls.insecure),
    cacert: tls.insecure ? undefined : tls.cacert,
    cert: tls.cert,
    key: tls.cert === undefined ? undefined : tls.key,
    override: endpointOverrides.compute,
  }
}

function secretOf(method: IdentityMethod): string {
  if (method.kind === 'password') return method.password
  if (method.kind === 'token') return method.token
  return method.kind === 'totp' ? method.passcode : method.secret
}

function named(one: IdOrName | InDomain | undefined): string | undefined {
  if (one === undefined) return undefined
  return one.id === undefined ? `name ${one.name}` : `id ${one.id}`
}
