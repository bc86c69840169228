import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { OsrunError } from '../../model/problem.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { quoteShell } from '../../util/text/shell-quote.ts'
import { visible } from '../../util/text/visible.ts'
import { addFaultFlag, faultSettings } from '../flags/fault-flag.ts'
import type { CommandContext, Environment, Io } from '../io.ts'
import { keepAuthority } from '../open/authority-file.ts'
import { dataTrouble } from '../open/data-trouble.ts'
import { cloudsYamlOf, exportsOf, openrcOf, writeSandboxFile } from '../open/sandbox-files.ts'
import { runCommandWith } from '../terminal/child-program.ts'
import { listenForInterrupts } from '../terminal/interrupts.ts'

type SandboxFlags = {
  readonly port?: number
  readonly tls?: boolean
  readonly memory?: number
  readonly data?: string
  readonly openrc?: string
  readonly cloudsYaml?: string
  readonly fault?: readonly string[]
  readonly listFaults?: boolean
  readonly web?: boolean
}

/** `osrun sandbox`: serves the small cloud until a signal comes, or as long as a command runs. */
export function sandboxCommand({ io, setStatus }: CommandContext): Command {
  const command = new Command('sandbox')
    .description('serve the small cloud to other programs, or run a command on it')
    .usage('[options] [-- COMMAND...]')
    .argument('[command...]', 'a program and its arguments, with OS_* set for the sandbox')
    .option('--port <number>', 'a port of 127.0.0.1; any free one unless given', portOf)
    .option('--tls', 'speak TLS, by a certificate of an own authority (OS_CACERT)')
    .option('--memory <size>', 'what objects may take, as 64MiB or 2GiB; 1GiB unless given or kept', sizeOf)
    .option('--data <folder>', 'keep all of it in a folder, for the next time; in memory unless given')
    .option('--openrc <file>', 'write the OS_* variables to a file')
    .option('--clouds-yaml <file>', 'write a clouds.yaml with the cloud "sandbox"')
    .option('--web', 'serve the course as a page on it, for browsers of this machine')
  return addFaultFlag(command)
    .option('--list-faults', 'say what can be broken')
    .action(async (words: readonly string[], flags: SandboxFlags) => {
      if (flags.listFaults === true) io.stdout.write(await faultList())
      else setStatus(await serve(words, flags, io))
    })
}

async function serve(command: readonly string[], flags: SandboxFlags, io: Io): Promise<number> {
  const key = randomBytes(16).toString('hex')
  // Whoever else is on this computer reaches the port, too.
  const given = io.environment.OSRUN_SANDBOX_PASSWORD || undefined
  // A folder has that of the last time, so that an openrc file stays good.
  const password = given ?? (flags.data === undefined ? randomBytes(12).toString('hex') : undefined)
  // The files of its database are as open as the process says.
  using mask = flags.data === undefined ? undefined : umaskUntilDisposed(0o077, io)
  await using sandbox = await start(flags, { key, ...(password !== undefined && { password }) }, io)
  await using authority = await keepAuthority(sandbox, io, flags.data && resolve(io.cwd, flags.data))
  const { OS_PROJECT_NAME = '' } = sandbox.environment
  const variables = {
    ...sandbox.environment,
    // Commands that were written for version 2 of Keystone read the project's old name.
    OS_TENANT_NAME: OS_PROJECT_NAME,
    ...(authority.path && { OS_CACERT: authority.path }),
  }
  const own = { OSRUN_SANDBOX_URL: sandbox.url, OSRUN_SANDBOX_KEY: key }
  if (flags.openrc !== undefined) await writeSandboxFile(flags.openrc, openrcOf({ ...variables, ...own }), io)
  if (flags.cloudsYaml !== undefined) await writeSandboxFile(flags.cloudsYaml, cloudsYamlOf(variables), io)
  const status =
    command.length > 0
      ? await runCommandWith(
          command,
          { environment: { ...withoutCloud(io.environment), ...variables, ...own }, umask: mask?.before },
          io,
        )
      : await serveOthers(sandbox, { ...variables, ...own }, flags, io)
  if (sandbox.broken.aborted) throw dataTrouble(flags.data ?? '', sandbox.broken.reason)
  return status
}

function umaskUntilDisposed(mask: number, io: Io): Disposable & { readonly before: number } {
  const before = io.umask(mask)
  return { before, [Symbol.dispose]: () => void io.umask(before) }
}

/** Serves until a signal, or until nothing can be kept any more. */
async function serveOthers(
  sandbox: Sandbox,
  variables: Readonly<Record<string, string>>,
  flags: SandboxFlags,
  io: Io,
): Promise<number> {
  using interrupts = listenForInterrupts(io)
  const signal = AbortSignal.any([interrupts.signal, sandbox.broken])
  io.stdout.write(exportsOf(variables))
  io.stderr.write(`${howToUse(sandbox.url, flags)}\n`)
  if (flags.web === true) {
    const { serveSandboxPage } = await import('../web/serve-sandbox-page.ts')
    return await serveSandboxPage(sandbox, variables, { ...interrupts, signal }, io)
  }
  if (!signal.aborted) await once(signal, 'abort')
  return 0
}

async function start(
  { port = 0, tls = false, memory, data, fault }: SandboxFlags,
  secrets: { readonly key: string; readonly password?: string },
  { cwd }: Pick<Io, 'cwd'>,
): Promise<Sandbox> {
  const faults = await faultSettings(fault, { hasTls: tls })
  const { startSandbox } = await import('../../sandbox/sandbox.ts')
  try {
    return await startSandbox({
      port,
      tls,
      faults,
      ...secrets,
      ...(memory !== undefined && { memoryLimitBytes: memory }),
      ...(data !== undefined && { data: resolve(cwd, data) }),
    })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw dataTrouble(data ?? '', cause)
    const why = code === 'EACCES' ? 'it is not allowed' : 'something else listens there'
    throw new OsrunError('PORT_UNUSABLE', `The sandbox cannot listen on port ${port}: ${why}.`, {
      hint: 'Leave --port out for any free port.',
      cause,
    })
  }
}

function withoutCloud(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('OS_')))
}

function howToUse(url: string, { openrc, data }: SandboxFlags): string {
  const paste = openrc === undefined ? 'paste the lines above' : `. ${quoteShell(openrc)}`
  const end = data === undefined ? 'everything in it is gone' : `what is in it stays in ${visible(data)}`
  return `The sandbox listens on ${url}, which only this computer reaches.
In another shell: ${paste}, then openstack, swift, curl, rclone or osrun.
Ctrl+C stops it, and ${end}.`
}

async function faultList(): Promise<string> {
  const { faults, faultUsage } = await import('../../sandbox/faults/index.ts')
  const width = Math.max(...faults.map((fault) => faultUsage(fault).length))
  return faults
    .map((fault) => {
      const usual = fault.value === undefined ? '' : ` (${fault.value.default})`
      const tls = fault.needsTls ? ' Needs --tls.' : ''
      return `${faultUsage(fault).padEnd(width)}  ${fault.summary}${usual}${tls}\n`
    })
    .join('')
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text)
  throw new OsrunError('USAGE_INVALID', `--port takes a number from 0 to 65535, and got "${text}".`)
}

function sizeOf(text: string): number {
  const [, amount, unit = ''] = /^([1-9]\d{0,5})(KiB|MiB|GiB)$/.exec(text) ?? []
  if (amount !== undefined) return Number(amount) * 1024 ** (['KiB', 'MiB', 'GiB'].indexOf(unit) + 1)
  throw new OsrunError('USAGE_INVALID', `--memory takes a size, and got "${text}".`, {
    hint: 'A number and a unit: 512KiB, 64MiB, 2GiB.',
  })
}
