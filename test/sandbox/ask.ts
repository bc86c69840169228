import { connect } from 'node:net'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'

/** An answer, as it came over the wire. */
export type Answer = {
  readonly status: number
  readonly statusLine: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Chunks put together. */
  readonly body: Buffer
  /** What came after the head. */
  readonly rawBody: Buffer
  header(name: string): string | undefined
  json(): unknown
}

/** Sends exact bytes over a connection of their own, and takes everything until its end. */
export async function send(port: number, bytes: string | Buffer): Promise<Buffer> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const chunks: Buffer[] = []
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(Buffer.concat(chunks)) : reject(error),
    )
    socket.on('end', () => {
      socket.end()
      resolve(Buffer.concat(chunks))
    })
    socket.write(bytes)
  })
}

/** Reads the first final answer in the bytes. */
export function parseAnswer(bytes: Buffer): Answer {
  const end = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const rest = bytes.subarray(end + 4)
  if (/^HTTP\/1\.1 1\d\d/.test(statusLine)) return parseAnswer(rest)
  const headers = lines.map((line): [string, string] => {
    const at = line.indexOf(':')
    return [line.slice(0, at), line.slice(at + 1).trim()]
  })
  const header = (name: string): string | undefined =>
    headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
  const body = header('Transfer-Encoding') === 'chunked' ? joinChunks(rest) : rest
  return {
    status: Number(statusLine.split(' ')[1]),
    statusLine,
    headers,
    body,
    rawBody: rest,
    header,
    json: () => JSON.parse(body.toString('utf8')),
  }
}

function joinChunks(bytes: Buffer): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const line = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.subarray(at, line).toString('latin1'), 16)
    chunks.push(bytes.subarray(line + 2, line + 2 + size))
    at = line + 4 + size
  }
  return Buffer.concat(chunks)
}

/** What a request has besides its method and path. */
export type Extras = {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | object
}

/** Asks the sandbox over a connection of its own. An object is sent as JSON. */
export async function ask(
  sandbox: Pick<Sandbox, 'url'>,
  method: string,
  path: string,
  extras: Extras = {},
): Promise<Answer> {
  const { body } = extras
  const isJson = typeof body === 'object' && !Buffer.isBuffer(body)
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(isJson ? JSON.stringify(body) : (body ?? ''))
  const headers = {
    Host: new URL(sandbox.url).host,
    Connection: 'close',
    ...(isJson && { 'Content-Type': 'application/json' }),
    ...(body !== undefined && { 'Content-Length': String(bytes.length) }),
    ...extras.headers,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
  return parseAnswer(await send(Number(new URL(sandbox.url).port), Buffer.concat([head, bytes])))
}

const workshop = { project: { name: 'workshop', domain: { id: 'default' } } }

/** The body of a login by password. */
export function loginBody(
  name = 'learner',
  password = `p'a$s "w\\ord`,
  scope: unknown = workshop,
  domain: object = { id: 'default' },
): object {
  const identity = { methods: ['password'], password: { user: { name, domain, password } } }
  return { auth: { identity, ...(scope !== undefined && { scope }) } }
}

/** Logs in and gives the token. */
export async function login(
  sandbox: Pick<Sandbox, 'url'>,
  ...who: Parameters<typeof loginBody>
): Promise<string> {
  const answer = await ask(sandbox, 'POST', '/identity/v3/auth/tokens', { body: loginBody(...who) })
  const token = answer.header('X-Subject-Token')
  if (token === undefined) throw new Error(`no token: ${answer.statusLine} ${answer.body.toString()}`)
  return token
}

/** The learner's account in the first region. */
export const account = '/v1/AUTH_fee040b1c4d24aeb985c3cdea1c3f363'
