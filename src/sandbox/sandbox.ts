import type { Call, RecordedRequest } from './call.ts'
import type { Data } from './data/data.ts'
import { askAdmin } from './faults/admin.ts'
import type { Asked } from './faults/fault.ts'
import type { FaultSetting, Switchboard } from './faults/setting.ts'
import type { Faults } from './faults/switchboard.ts'
import { createFaults } from './faults/switchboard.ts'
import { createIdentity, isLive } from './keystone/identity/identity.ts'
import { askKeystone } from './keystone/keystone.ts'
import { learnerPassword } from './keystone/seed.ts'
import type { Reply } from './reply.ts'
import { createSandboxServer, listen } from './server.ts'
import type { State } from './state.ts'
import { createState, openState } from './state.ts'
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
  /** What objects may take beside those that are there from the start, in bytes; unless given 1 GiB in memory, and with `data` what the disk has. More is answered with 507. */
  readonly memoryLimitBytes?: number
  /** What is broken from the start; `readFault` makes one of a text. */
  readonly faults?: readonly FaultSetting[]
  /** Lets who sends it as X-Osrun-Key switch faults over HTTP; without it nobody can. */
  readonly key?: string
  /** The password of everybody, and the secret of the first application credential; unless given each has an own one, and with `data` there is one that stays. */
  readonly password?: string
  /** Speaks TLS by a certificate of its own, which stays with `data`; false unless given. */
  readonly tls?: boolean
  /** A folder in which all of it is there the next time; made when it is not there. In memory unless given. */
  readonly data?: string
}

/** A small Keystone v3 and Swift on a loopback port. */
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
  /** Aborts when something cannot be kept any more, with the problem as its reason: all requests are answered with 507 then. */
  readonly broken: AbortSignal
  /** The ids of the tokens that are good now; of one of an earlier run that nobody has shown, the SHA-256 of its id. */
  liveTokens(): readonly string[]
  /** Ends all connections, and forgets everything that is not kept. */
  close(): Promise<void>
}

/**
 * Starts a sandbox. It listens on 127.0.0.1 alone.
 * A port that is taken rejects with Node's own error, EADDRINUSE; a folder that cannot be used with a DataProblem, whose
 * `kind` says whether it is in use, invalid or refused by the system.
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
  const broken = new AbortController()
  const begin = {
    now,
    tls: options.tls === true,
    password: options.password,
    limit: options.memoryLimitBytes,
  }
  const state =
    options.data === undefined
      ? await createState(begin)
      : await openState(options.data, begin, (problem) => {
          // Who waits for it is answered first.
          setImmediate(() => broken.abort(problem))
        })
  try {
    return await serveState(state, { ...options, faults, now, broken: broken.signal })
  } catch (cause) {
    await state.data?.close()
    throw cause
  }
}

async function serveState(
  state: State,
  options: Omit<SandboxOptions, 'faults'> & {
    readonly faults: Faults
    readonly now: () => number
    readonly broken: AbortSignal
  },
): Promise<Sandbox> {
  const { faults, now } = options
  const { data, password, certificates: tls, earlier } = state
  const requests: RecordedRequest[] = []
  const administered = { board: faults, key: options.key, hasTls: tls !== undefined }
  const answer = (call: Call): Reply | Promise<Reply> => {
    const [, place = '', rest = ''] = /^\/(identity|region-two|osrun)(\/.*)?$/.exec(call.path) ?? []
    if (place === 'osrun') return askAdmin(call, rest, administered)
    const service = place === 'identity' ? 'identity' : 'object-store'
    return withFaults({ call, service, expireTokens: identity.expireTokens }, faults, () => {
      if (place === 'identity') return askKeystone(call, rest, identity)
      if (place === 'region-two') return askSwift(call, rest === '' ? '/' : rest, state.regionTwo, identity)
      return askSwift(call, call.path, state.regionOne, identity)
    })
  }
  const record = options.record ? (request: RecordedRequest) => requests.push(request) : undefined
  const handlers = {
    answer: data ? async (call: Call) => whenSettled(await answer(call), data) : answer,
    ...(data && { hold: () => data.hold() }),
    ...(record && { record }),
  }
  const server = createSandboxServer(handlers, tls)
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${await listen(server, options.port ?? 0)}`
  const { tokenLifeSeconds = 3600 } = options
  const identity = createIdentity({
    base: url,
    tokenLifeSeconds,
    now,
    faults,
    password,
    keeper: data?.keeper,
    earlier,
  })
  const close = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
    await data?.close()
  }
  await beginData(data, close)
  const authUrl = `${url}/identity/v3`
  return {
    url,
    authUrl,
    authority: tls?.authority,
    environment: environmentOf(authUrl, password ?? learnerPassword),
    requests,
    faults,
    broken: options.broken,
    liveTokens: () => identity.tokens.all().flatMap(([id, token]) => (isLive(token, now()) ? [id] : [])),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function beginData(data: Data | undefined, close: () => Promise<void>): Promise<void> {
  try {
    await data?.begin()
  } catch (cause) {
    await close()
    throw cause
  }
}

// Nobody is told of what is not on the disk.
async function whenSettled(reply: Reply, data: Data): Promise<Reply> {
  try {
    await data.settled()
    return reply
  } catch {
    return {
      status: 507,
      headers: [['Content-Type', 'text/plain']],
      body: 'The sandbox cannot keep anything any more.\n',
    }
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
