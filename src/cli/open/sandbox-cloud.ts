import type { Cloud } from '../../model/cloud.ts'
import { resolveCloud } from '../../openstack/config/resolve-cloud.ts'
import type { Sandbox, SandboxOptions } from '../../sandbox/sandbox.ts'
import type { Environment } from '../io.ts'
import { keepAuthority } from './authority-file.ts'
import { type CloudIo, fileSourcesOf, withEnvironment } from './file-sources.ts'

/** A cloud that is ready to be asked, and what has to be stopped afterwards. */
export type OpenCloud = AsyncDisposable & {
  readonly cloud: Cloud
  /** What `\${env.NAME}` reads. */
  readonly environment: Environment
  /** Where it is one. */
  readonly sandbox?: Sandbox
}

/** Starts a sandbox as the cloud to be asked; `options` may name another user, project or region of it. */
export async function openSandboxCloud(
  options: Readonly<Record<string, string | boolean | undefined>>,
  { faults = [], tls = false }: Pick<SandboxOptions, 'faults' | 'tls'>,
  io: CloudIo,
): Promise<OpenCloud> {
  const { startSandbox } = await import('../../sandbox/sandbox.ts')
  const sandbox = await startSandbox({ faults, tls })
  try {
    const authority = await keepAuthority(sandbox, io)
    const own = { ...sandbox.environment, ...(authority.path !== undefined && { OS_CACERT: authority.path }) }
    try {
      return {
        cloud: await cloudOf(options, withEnvironment(io, own)),
        environment: { ...io.environment, ...own },
        sandbox,
        async [Symbol.asyncDispose]() {
          await sandbox.close()
          await authority[Symbol.asyncDispose]()
        },
      }
    } catch (error) {
      await authority[Symbol.asyncDispose]()
      throw error
    }
  } catch (error) {
    await sandbox.close()
    throw error
  }
}

// No file of the user has a say in it.
async function cloudOf(
  options: Readonly<Record<string, string | boolean | undefined>>,
  io: CloudIo,
): Promise<Cloud> {
  const sources = { ...fileSourcesOf(io), readFile: async () => undefined }
  const cloud = await resolveCloud({ ...sources, flags: options })
  const valueSources = cloud.valueSources.map((source) =>
    source.from.startsWith('OS_') ? { ...source, from: 'the sandbox' } : source,
  )
  return { ...cloud, valueSources, name: 'sandbox' }
}
