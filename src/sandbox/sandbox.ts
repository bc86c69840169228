import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer, Asked } from './answer.ts'
import { createIdentityStore, type IdentityStore } from './identity-store.ts'
import { askKeystone } from './keystone.ts'
import { users } from './seed.ts'
import { askSwift } from './swift.ts'
import { swiftPage } from './swift-errors.ts'
import { createSwiftStore, type SwiftStore } from './swift-store.ts'

/** How to start a sandbox. */
export type SandboxOptions = {
  /** A port of 127.0.0.1; any free one unless given. */
  readonly port?: number
  /** 3600 unless given. */
  readonly tokenLifeSeconds?: number
  /** Epoch milliseconds; the system's clock unless given. */
  readonly now?: () => number
  /** Keep every request in `requests`. */
  readonly record?: boolean
  /** The most that objects may take, in bytes; 1 GiB unless given. More is answered with 507. */
  readonly memoryLimitBytes?: number
}

/** One request as it came. */
export type RecordedRequest = {
  readonly method: string
  /** With its query, as sent. */
  readonly path: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

/** A small Keystone v3 and Swift on a loopback port, in memory. */
export type Sandbox = AsyncDisposable & {
  readonly url: string
  readonly authUrl: string
  /** The OS_* variables with which the learner logs in. */
  readonly environment: Readonly<Record<string, string>>
  readonly requests: readonly RecordedRequest[]
  /** The ids of tokens that are good now. */
  liveTokens(): readonly string[]
  close(): Promise<void>
}

type State = {
  readonly identity: IdentityStore
  readonly regions: readonly [one: SwiftStore, two: SwiftStore]
  readonly requests: RecordedRequest[]
  readonly options: SandboxOptions
}

/** Starts a sandbox. It listens on 127.0.0.1 alone and forgets everything when it is closed. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? Date.now
  const workshop = 'fee040b1c4d24aeb985c3cdea1c3f363'
  const state: State = {
    identity: createIdentityStore(now, options.tokenLifeSeconds ?? 3600),
    regions: [createSwiftStore(now, workshop), createSwiftStore(now, workshop)],
    requests: [],
    options,
  }
  const server = createServer((request, response) => void serve(request, response, state))
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    response.writeContinue()
    void serve(request, response, state)
  })
  await listen(server, options.port ?? 0)
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const authUrl = `${url}/identity/v3`
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    url,
    authUrl,
    environment: {
      OS_AUTH_URL: authUrl,
      OS_IDENTITY_API_VERSION: '3',
      OS_USERNAME: 'learner',
      OS_PASSWORD: users.find(({ name }) => name === 'learner')?.password ?? '',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_NAME: 'workshop',
      OS_PROJECT_DOMAIN_NAME: 'Default',
      OS_REGION_NAME: 'RegionOne',
      OS_INTERFACE: 'public',
    },
    requests: state.requests,
    liveTokens: () => [...state.identity.tokens.keys()].filter((id) => state.identity.live(id) !== undefined),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

async function serve(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const { method = 'GET', url = '/' } = request
  const headers = toPairs(request.rawHeaders)
  const [path = '/', query = ''] = split(url)
  const isSwift = !/^\/identity(\/|$)/.test(path)
  const limit = state.options.memoryLimitBytes ?? 1024 ** 3
  const room = isSwift ? limit - state.regions.reduce((sum, store) => sum + store.used(), 0) : 200_000
  const body = await read(request, Math.max(0, room))
  if (request.destroyed && !request.complete) return
  if (state.options.record === true)
    state.requests.push({ method, path: url, headers, body: body ?? Buffer.alloc(0) })
  const header = (name: string): string | undefined =>
    headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
  const asked: Asked = {
    method,
    path,
    query: new URLSearchParams(query),
    header,
    headers,
    body: body ?? Buffer.alloc(0),
    origin: `${/^https$/i.test(header('X-Forwarded-Proto') ?? '') ? 'https' : 'http'}://${header('Host') ?? '127.0.0.1'}`,
  }
  if (body === undefined && isSwift) send(response, method, swiftPage(507), true)
  else send(response, method, answerTo(asked, state), body === undefined)
}

function answerTo(asked: Asked, { identity, regions }: State): Answer {
  const { path } = asked
  if (/^\/identity(\/|$)/.test(path)) return askKeystone(asked, path.slice('/identity'.length), identity)
  if (/^\/region-two(\/|$)/.test(path))
    return askSwift(asked, path.slice('/region-two'.length) || '/', regions[1], identity)
  return askSwift(asked, path, regions[0], identity)
}

// Undefined when the body is longer than there is room; the rest of it is read and dropped.
async function read(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request) {
      size += (chunk as Buffer).length
      if (size <= limit) chunks.push(chunk as Buffer)
      else chunks.length = 0
    }
  } catch {
    // The client went away; nobody waits for an answer.
    return undefined
  }
  return size > limit ? undefined : Buffer.concat(chunks)
}

function send(response: ServerResponse, method: string, answer: Answer, last: boolean): void {
  const { status, reason, headers, body = '' } = answer
  if (answer.chunkedEmpty === true) {
    sendChunkedEmpty(response, answer)
    return
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const length = answer.length ?? bytes.length
  // Keystone's 204 has no Content-Length, Swift's has one.
  const isBare = status === 204 && headers.some(([name]) => name === 'x-openstack-request-id')
  const all = [
    ...headers,
    ...(isBare ? [] : [['Content-Length', String(length)] as const]),
    ...(last ? [['Connection', 'close'] as const] : []),
  ]
  response.sendDate = false
  const flat = all.flat() as string[]
  if (reason === undefined) response.writeHead(status, flat)
  else response.writeHead(status, reason, flat)
  response.end(method === 'HEAD' || status === 204 || status === 304 ? undefined : bytes)
}

// Written past node:http, which rightly sends no body for a HEAD; the connection ends with it.
function sendChunkedEmpty(response: ServerResponse, { status, headers }: Answer): void {
  const title = status === 401 ? 'Unauthorized' : 'Forbidden'
  const lines = [...headers, ['Transfer-Encoding', 'chunked'], ['Connection', 'close']].map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  response.socket?.end(`HTTP/1.1 ${status} ${title}\r\n${lines.join('')}\r\n0\r\n\r\n`)
}

function split(url: string): readonly [path: string, query: string] {
  const path = url.replace(/^https?:\/\/[^/]*/, '')
  const at = path.indexOf('?')
  return at < 0 ? [path || '/', ''] : [path.slice(0, at) || '/', path.slice(at + 1)]
}

function toPairs(raw: readonly string[]): readonly (readonly [string, string])[] {
  const pairs: [string, string][] = []
  for (let index = 0; index + 1 < raw.length; index += 2) pairs.push([raw[index] ?? '', raw[index + 1] ?? ''])
  return pairs
}
