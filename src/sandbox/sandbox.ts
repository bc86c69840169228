import type { Call, RecordedRequest } from './call.ts'
import { makeCertificates } from './certificates.ts'
import { askAdmin } from './faults/admin.ts'
import type { Asked } from './faults/fault.ts'
import type { FaultSetting, Switchboard } from './faults/setting.ts'
import type { Faults } from './faults/switchboard.ts'
import { createFaults } from './faults/switchboard.ts'
import { createIdentity, isLive } from './keystone/identity.ts'
import { askKeystone } from './keystone/keystone.ts'
import { learnerPassword } from './keystone/seed.ts'
import type { Reply } from './reply.ts'
import { createSandboxServer, listen } from './server.ts'
import { createMemoryBodies } from './swift/bodies.ts'
import { seedRegionOne, seedRegionTwo } from './swift/seed.ts'
import type { Store } from './swift/store.ts'
import { createStore } from './swift/store.ts'
import { askSwift } from './swift/swift.ts'

/** How to start a sandbox. */
export type SandboxOptions = {
  /** A port of 127.0.0.1; any free one unless given. */
  readonly port?: number
  /** Seconds; 3600 unless given. */
  readonly tokenLifeSeconds?: number
  /** Milliseconds since 1970; the system's clock unless given. */
  readonly now?: () => number
  /** Whether to keep every request in `requests`, with its body; false unless given. */
  readonly record?: boolean
  /** What objects may take beside those that are there from the start, in bytes; 1 GiB unless given. More is answered with 507. */
  readonly memoryLimitBytes?: number
  /** What is broken from the start; `readFault` makes one of a text. */
  readonly faults?: readonly FaultSetting[]
  /** Lets who sends it as X-Osrun-Key switch faults over HTTP; without it nobody can. */
  readonly key?: string
  /** The password of everybody, and the secret of the first application credential; each has an own one unless given. */
  readonly password?: string
  /** Speaks TLS by a certificate of its own; false unless given. */
  readonly tls?: boolean
}

/** A small Keystone v3 and Swift on a loopback port, in memory. */
export type Sandbox = AsyncDisposable & {
  /** `http://127.0.0.1:PORT`, with TLS https. */
  readonly url: string
  /** `http://127.0.0.1:PORT/identity/v3`, with TLS https. */
  readonly authUrl: string
  /** With TLS the certificate of the authority to trust, as PEM. */
  readonly authority: string | undefined
  /** The OS_* variables with which the learner logs in; with TLS OS_CACERT is to be added. */
  readonly environment: Readonly<Record<string, string>>
  /** In the order in which they came; empty unless `record` was given. */
  readonly requests: readonly RecordedRequest[]
  /** What is broken on purpose. */
  readonly faults: Switchboard
  /** The ids of the tokens that are good now. */
  liveTokens(): readonly string[]
  /** Ends all connections and forgets everything. */
  close(): Promise<void>
}

/**
 * Starts a sandbox. It listens on 127.0.0.1 alone.
 * A port that is taken rejects with Node's own error, EADDRINUSE.
 *
 * @example
 * await using sandbox = await startSandbox()
 * const cloud = await resolveCloud({ ...surroundings(process), environment: sandbox.environment, flags: {} })
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const faults = createFaults()
  for (const setting of options.faults ?? []) faults.on(setting)
  const clock = options.now ?? Date.now
  const now = (): number => clock() + faults.clockOffset()
  const bodies = createMemoryBodies(options.memoryLimitBytes ?? 1024 ** 3)
  const regionOf = (region: string): Store => createStore({ region, bodies, keeper: undefined, now })
  const [regionOne, regionTwo] = [regionOf('RegionOne'), regionOf('RegionTwo')]
  await seedRegionOne(regionOne)
  await seedRegionTwo(regionTwo)
  const requests: RecordedRequest[] = []
  const tls = options.tls ? makeCertificates(Date.now()) : undefined
  const administered = { board: faults, key: options.key, hasTls: tls !== undefined }
  const answer = (call: Call): Reply | Promise<Reply> => {
    const [, place = '', rest = ''] = /^\/(identity|region-two|osrun)(\/.*)?$/.exec(call.path) ?? []
    if (place === 'osrun') return askAdmin(call, rest, administered)
    const service = place === 'identity' ? 'identity' : 'object-store'
    return withFaults({ call, service, expireTokens: identity.expireTokens }, faults, () => {
      if (place === 'identity') return askKeystone(call, rest, identity)
      if (place === 'region-two') return askSwift(call, rest === '' ? '/' : rest, regionTwo, identity)
      return askSwift(call, call.path, regionOne, identity)
    })
  }
  const record = options.record ? (request: RecordedRequest) => requests.push(request) : undefined
  const server = createSandboxServer({ answer, ...(record && { record }) }, tls)
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${await listen(server, options.port ?? 0)}`
  const { tokenLifeSeconds = 3600, password } = options
  const identity = createIdentity({
    base: url,
    tokenLifeSeconds,
    now,
    faults,
    password,
    keeper: undefined,
  })
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const authUrl = `${url}/identity/v3`
  return {
    url,
    authUrl,
    authority: tls?.authority,
    environment: environmentOf(authUrl, password ?? learnerPassword),
    requests,
    faults,
    liveTokens: () => identity.tokens.all().flatMap(([id, token]) => (isLive(token, now()) ? [id] : [])),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function withFaults(asked: Asked, faults: Faults, answer: () => Promise<Reply>): Promise<Reply> {
  return faults.change(faults.answer(asked) ?? (await answer()), asked)
}

function environmentOf(authUrl: string, password: string): Sandbox['environment'] {
  return {
    OS_AUTH_URL: authUrl,
    OS_IDENTITY_API_VERSION: '3',
    OS_USERNAME: 'learner',
    OS_PASSWORD: password,
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_NAME: 'workshop',
    OS_PROJECT_DOMAIN_NAME: 'Default',
    OS_REGION_NAME: 'RegionOne',
    OS_INTERFACE: 'public',
  }
}
