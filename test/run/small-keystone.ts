import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import { listen } from '../http/raw-server.ts'
import { cloudOf } from './on-sandbox.ts'

/** A request that came, with its headers by lower-case name. */
export type Seen = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

type Answer = (request: Seen, response: ServerResponse) => void

/** How a test's Keystone behaves; the sandbox's is the better one wherever it can do what is asked. */
export type SmallKeystone = {
  /** Answers a login; unless given, with a fresh token whose life and catalog are those below. */
  login?: Answer | undefined
  /** How many revocations it answers with 503 before it does as it is asked; none unless given. */
  busy?: number
  /** Answers everything that is no login and no revocation. */
  other?: Answer | undefined
  /** URLs of endpoints, all of object-store. */
  catalog?: readonly string[]
  /** Seconds. */
  life?: number
  /** Milliseconds by which its clock is ahead. */
  ahead?: number
}

/** A Keystone whose every answer a test decides, with the tokens that it gave and revoked. */
export async function startSmallKeystone(behaviour: SmallKeystone = {}) {
  const seen: Seen[] = []
  const made: string[] = []
  let left = behaviour.busy ?? 0
  const revoked: string[] = []
  const nextToken = (): string => {
    const id = `small-token-${made.length + 1}-${'x'.repeat(20)}`
    made.push(id)
    return id
  }
  const tokenBody = (): string => {
    const issued = Date.now() + (behaviour.ahead ?? 0)
    const endpoints = (behaviour.catalog ?? [`${base}/v1`]).map((url, id) => ({
      id: String(id),
      interface: 'public',
      region: 'R',
      region_id: 'R',
      url,
    }))
    return JSON.stringify({
      token: {
        methods: ['password'],
        user: { id: 'u', name: 'someone', domain: { id: 'default', name: 'Default' } },
        issued_at: new Date(issued).toISOString(),
        expires_at: new Date(issued + (behaviour.life ?? 3600) * 1000).toISOString(),
        catalog: [{ id: 's', type: 'object-store', name: 'swift', endpoints }],
      },
    })
  }
  const headersOf = (id: string) => ({
    'X-Subject-Token': id,
    'Content-Type': 'application/json',
    Date: new Date(Date.now() + (behaviour.ahead ?? 0)).toUTCString(),
  })
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
    seen.push(one)
    if (one.path.startsWith('/v3/auth/tokens') && one.method === 'POST') {
      if (behaviour.login) return behaviour.login(one, response)
      return void response.writeHead(201, headersOf(nextToken())).end(tokenBody())
    }
    if (one.path === '/v3/auth/tokens' && one.method === 'DELETE') {
      if (left-- > 0) return void response.writeHead(503).end()
      revoked.push(String(one.headers['x-subject-token']))
      return void response.writeHead(204).end()
    }
    if (behaviour.other) return behaviour.other(one, response)
    response.writeHead(200, { 'Content-Length': '0' }).end()
  })
  const base = `http://127.0.0.1:${await listen(server)}`
  onTestFinished(() => server.closeAllConnections())
  const environment = {
    OS_AUTH_URL: `${base}/v3`,
    OS_USERNAME: 'someone',
    OS_PASSWORD: 'small-password-of-someone',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_NAME: 'p',
    OS_PROJECT_DOMAIN_NAME: 'Default',
  }
  return {
    base,
    seen,
    made,
    revoked,
    environment,
    nextToken,
    tokenBody,
    headersOf,
    logins: () =>
      seen.filter(({ method, path }) => method === 'POST' && path.startsWith('/v3/auth/tokens')).length,
    cloud: (more: Readonly<Record<string, string | undefined>> = {}) => cloudOf({ ...environment, ...more }),
  }
}

/** Whether a token of this run lies on a server that should not have it. */
export function carriesToken({ headers, body, path }: Seen): boolean {
  return /small-token|small-password/.test(JSON.stringify([headers, body, path]))
}

/** A service that takes only tokens from the nth on, and refuses a HEAD as Swift does: with a chunked body. */
export function refusingUntil(count: number): Answer {
  return ({ method, headers }, response) => {
    const nth = Number(/^small-token-(\d+)/.exec(String(headers['x-auth-token']))?.[1] ?? 0)
    if (nth >= count) return void response.writeHead(200, { 'Content-Length': '0' }).end()
    if (method !== 'HEAD') return void response.writeHead(401).end('refused')
    response.socket?.write(
      'HTTP/1.1 401 Unauthorized\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n',
    )
  }
}
