import { type Command, Option } from 'commander'
import { OsrunError } from '../../model/problem.ts'
import { resolveCloud } from '../../openstack/config/resolve-cloud.ts'
import { type CloudIo, fileSourcesOf, withEnvironment } from '../open/file-sources.ts'
import { type OpenCloud, openSandboxCloud } from '../open/sandbox-cloud.ts'
import { addFaultFlag, faultSettings } from './fault-flag.ts'

/** The flags that name openstackclient's options one by one: `--os-username` is `username`. */
const openstackOptions = [
  'auth-type',
  'auth-url',
  'username',
  'user-id',
  'password',
  'user-domain-id',
  'user-domain-name',
  'project-id',
  'project-name',
  'project-domain-id',
  'project-domain-name',
  'domain-id',
  'domain-name',
  'system-scope',
  'trust-id',
  'token',
  'passcode',
  'application-credential-id',
  'application-credential-name',
  'application-credential-secret',
  'endpoint',
  'identity-api-version',
] as const

/** Those that name files, places and clouds, which a cloud is resolved by too. */
const cloudOptions = ['cloud', 'openrc', 'region', 'interface', 'cacert', 'cert', 'key', 'insecure'] as const

// openstackclient's names of those, for whoever has them in the fingers; the help has one name of each flag.
const openstackSpellings = {
  'os-cloud': 'cloud',
  'os-region-name': 'region',
  'os-interface': 'interface',
  'os-cacert': 'cacert',
  'os-cert': 'cert',
  'os-key': 'key',
} as const satisfies Readonly<Record<string, (typeof cloudOptions)[number]>>

/** Every flag that `addCloudFlags` adds and the help tells, by the name that commander gives its value. */
export const cloudFlagNames: readonly string[] = [
  'sandbox',
  ...cloudOptions,
  ...openstackOptions.map((name) => attributeOf(name)),
]

/** What the command line says of the cloud; camel-cased flag names, as commander gives them. */
export type CloudFlags = Readonly<Record<string, unknown>> & {
  readonly sandbox?: boolean
  readonly fault?: readonly string[]
  readonly cloud?: string
  readonly openrc?: string
  readonly region?: string
  readonly interface?: string
  readonly insecure?: boolean
  readonly cacert?: string
  readonly cert?: string
  readonly key?: string
}

/** Adds the flags that choose and change a cloud. */
export function addCloudFlags(command: Command): Command {
  command.optionsGroup('The cloud:').option('--sandbox', 'use the small cloud that is built in')
  addFaultFlag(command)
    .option('--cloud <name>', 'a cloud of clouds.yaml (OS_CLOUD)')
    .option('--openrc <file>', 'read OS_* from an openrc file; it is parsed, never executed')
    .option('--region <name>', 'the region of the endpoints (OS_REGION_NAME)')
    .option('--interface <name>', 'public, internal or admin (OS_INTERFACE)')
    .option('--cacert <file>', "authorities to trust instead of the system's (OS_CACERT)")
    .option('--cert <file>', 'client certificate (OS_CERT)')
    .option('--key <file>', "the client certificate's key (OS_KEY)")
    .option('-k, --insecure', 'do not verify certificates (OS_INSECURE)')
  command.optionsGroup('Options of openstackclient:')
  for (const name of openstackOptions)
    command.option(`--os-${name} <value>`, `as OS_${name.toUpperCase().replaceAll('-', '_')}`)
  for (const [longer, name] of Object.entries(openstackSpellings))
    command
      .addOption(new Option(`--${longer} <value>`).hideHelp())
      .on(`option:${longer}`, (value: string) => command.setOptionValueWithSource(name, value, 'cli'))
  return command.optionsGroup('Options:')
}

/** Finds the cloud that flags, environment and files describe, or starts the sandbox. */
export async function openCloud(flags: CloudFlags, io: CloudIo): Promise<OpenCloud> {
  if (flags.sandbox !== true) {
    if (flags.fault !== undefined)
      throw new OsrunError('USAGE_INVALID', '--fault is for the sandbox alone.', { hint: 'Add --sandbox.' })
    const cloud = await resolveCloud({ ...fileSourcesOf(io), flags: optionFlags(flags) })
    const environment = { ...io.environment, ...cloud.proxies }
    return { cloud, environment, [Symbol.asyncDispose]: async () => {} }
  }
  if (flags.cloud !== undefined || flags.openrc !== undefined)
    throw new OsrunError(
      'USAGE_INVALID',
      `--sandbox and --${flags.cloud === undefined ? 'openrc' : 'cloud'} both name a cloud.`,
      {
        hint: 'Leave one of them out.',
      },
    )
  const faults = await faultSettings(flags.fault, { hasTls: false })
  return openSandboxCloud(optionFlags(flags), { faults }, io)
}

/** As `openCloud`, but undefined when no cloud is named anywhere; a password or passcode may be missing. */
export async function openCloudIfAny(flags: CloudFlags, io: CloudIo): Promise<OpenCloud | undefined> {
  const { environment } = io
  try {
    const absents = { OS_PASSWORD: absent, OS_PASSCODE: absent }
    return await openCloud(flags, withEnvironment(io, { ...absents, ...environment }))
  } catch (error) {
    const isNone = error instanceof OsrunError && /^CLOUD_(MISSING|INCOMPLETE)$/.test(error.code)
    const { OS_CLOUD, OS_AUTH_URL } = environment
    const named = [flags.cloud, flags.openrc, OS_CLOUD, OS_AUTH_URL, flags.osAuthUrl]
    if (isNone && named.every((one) => one === undefined)) return undefined
    throw error
  }
}

// No text of a recipe has this in it, which would be taken for the secret.
const absent = 'absent\u0000'

/** What the flags say of a cloud, by the names of openstackclient's options. */
export function optionFlags(flags: CloudFlags): Readonly<Record<string, string | boolean | undefined>> {
  const options: Record<string, string | boolean | undefined> = {}
  for (const name of cloudOptions) if (flags[name] !== undefined) options[name] = flags[name]
  for (const name of openstackOptions) {
    const value = flags[attributeOf(name)]
    if (typeof value === 'string') options[name.replaceAll('-', '_')] = value
  }
  return options
}

function attributeOf(name: string): string {
  return `os${name.replaceAll(/(^|-)(\w)/g, (_all, _dash, letter: string) => letter.toUpperCase())}`
}
