import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toCurl } from '../../src/http/curl.ts'
import { createCurlTransport } from '../../src/http/curl-transport.ts'
import { createTransport } from '../../src/http/transport.ts'
import type { HttpRequest } from '../../src/model/exchange.ts'
import { needs } from '../needs.ts'

needs('curl', 'jq', 'iconv')

type Recorded = { method: string; path: string; headers: string[]; body: string }

let server: Server
let base: string
let folder: string
const recorded: Recorded[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const headers = request.rawHeaders
        .flatMap((name, index) =>
          index % 2 === 0 ? [`${name}: ${request.rawHeaders[index + 1]?.trim()}`] : [],
        )
        .filter((line) => !/^(host|user-agent|connection|content-length|accept: \*\/\*)/i.test(line))
      recorded.push({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: headers.sort(),
        body: Buffer.concat(chunks).toString('base64'),
      })
      response.end(request.url === '/saved' ? 'the body' : '')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  folder = await mkdtemp(join(tmpdir(), 'osrun-'))
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})

const hostile = [
  'plain',
  `p'a$s "w\\ord`,
  '`id`',
  '$(id)',
  '!!',
  '%41%',
  'a\nb',
  '\u00e9\u20ac\ud83d\ude00',
  '-x',
  '@file',
  '  two  ',
  'x'.repeat(65_536),
  '\\',
  `'`,
  '"',
  '$',
  'a\tb',
  '\u007f',
  '\n',
  '}{',
  '\\(1)',
]

async function bothWays(
  request: HttpRequest,
  secrets: Readonly<Record<string, string>>,
  shell: string,
): Promise<readonly Recorded[]> {
  recorded.length = 0
  const environment = { PATH: process.env.PATH }
  for (const make of [createTransport, createCurlTransport]) {
    const transport = make({ tls: { insecure: false }, environment })
    await transport.send(request, { signal: new AbortController().signal })
    await transport.close()
  }
  const names = [
    { value: base, variable: 'endpoint', secret: false },
    ...Object.entries(secrets).map(([variable, value]) => ({ value, variable, secret: true })),
  ]
  const line = toCurl(request, { names, tls: { insecure: false } })
  for (const value of Object.values(secrets)) if (value.length > 3) expect(line).not.toContain(value)
  const script = join(folder, 'line.sh')
  await writeFile(script, line)
  // The script is read from a file, as an argument may not be as long as the body.
  await promisify(execFile)(shell, [script], {
    env: { PATH: process.env.PATH, endpoint: base, ...secrets },
    maxBuffer: 1 << 24,
  })
  expect(recorded).toHaveLength(3)
  const [byUndici, byCurl, printed] = recorded
  expect(byCurl).toEqual(byUndici)
  return [byUndici, printed].filter((one) => one !== undefined)
}

describe.each(['dash', 'bash'])(
  'the printed line, run by %s, and the transport send what undici sent',
  (shell) => {
    test.each(hostile)('with the password %j in a JSON body', async (password) => {
      const json = {
        auth: { identity: { methods: ['password'], password: { user: { name: 'o"x', password } } } },
      }
      const [sent, curled] = await bothWays(
        {
          method: 'POST',
          url: `${base}/v3/auth/tokens`,
          headers: [
            ['Accept', 'application/json'],
            ['Content-Type', 'application/json'],
          ],
          body: { kind: 'text', text: JSON.stringify(json), json },
        },
        { OS_PASSWORD: password },
        shell,
      )
      const decode = (one: Recorded | undefined) => ({
        ...one,
        body: JSON.parse(Buffer.from(one?.body ?? '', 'base64').toString()) as unknown,
      })
      expect(decode(curled)).toEqual(decode(sent))
    })

    test.each(hostile)('with the secret %j in a text body', async (secret) => {
      const request: HttpRequest = {
        method: 'PUT',
        url: `${base}/v1/a?x=1`,
        headers: [['Content-Type', 'text/plain']],
        body: { kind: 'text', text: `before ${secret} after` },
      }
      const [sent, curled] = await bothWays(request, { secret }, shell)
      expect(curled).toEqual(sent)
    })

    test.each(hostile.filter((text) => text.length < 1000))('with %j in a public body', async (text) => {
      const request: HttpRequest = {
        method: 'POST',
        url: `${base}/x`,
        headers: [],
        body: { kind: 'text', text },
      }
      const [sent, curled] = await bothWays(request, {}, shell)
      expect(curled).toEqual(sent)
    })

    test.each(['GET', 'HEAD', 'DELETE', 'PUT', 'POST', 'COPY'])(
      'for %s with a token and odd paths',
      async (method) => {
        const request: HttpRequest = {
          method,
          url: `${base}/v1/AUTH_x/a%20b/../c/[1]{2}?limit=2&name=%24x`,
          headers: [
            ['X-Auth-Token', 'gAAAAAB-token'],
            ['X-Object-Meta-A', `it's "a" $b !`],
            ['X-Empty', ''],
          ],
        }
        const [sent, curled] = await bothWays(request, { token: 'gAAAAAB-token' }, shell)
        expect(curled).toEqual(sent)
      },
    )

    // A server of Node takes 16 KiB of headers; line breaks and other controls no transport sends.
    const inHeaders = hostile.filter((text) => text.length < 1000 && /^[ -~\t\u0080-\u00ff]*$/.test(text))
    test.each([...inHeaders, '', 'caf\u00e9', '\u00c3\u00a9 "$x" `y`', '\\n\\r'])(
      'for the header %j',
      async (value) => {
        const request: HttpRequest = {
          method: 'GET',
          url: `${base}/x`,
          headers: [['X-Object-Meta-A', value]],
        }
        const [sent, curled] = await bothWays(request, {}, shell)
        expect(curled).toEqual(sent)
        const secret = value.trim()
        if (secret === '') return
        const [sentSecret, curledSecret] = await bothWays(
          {
            ...request,
            headers: [
              ['X-Auth-Token', secret],
              ['X-B', `a${secret}b`],
            ],
          },
          { secret },
          shell,
        )
        expect(curledSecret).toEqual(sentSecret)
      },
    )

    test.each(hostile)('for the object named %j and as a query', async (text) => {
      const name = encodeURIComponent(text.slice(0, 3000))
      const [sent, curled] = await bothWays(
        { method: 'GET', url: `${base}/v1/${name}/x?prefix=${name}`, headers: [] },
        {},
        shell,
      )
      expect(curled).toEqual(sent)
    })

    test.each([
      '/\u00e9\u20ac?q=\u00e9',
      '/a/./b/../c',
      '/a/%2e%2E/b',
      '/a#part',
      '//a///b',
      '?q=1',
      '',
      '/$x`y`!"{a,b}[1-3]\\',
      "/it's",
      '/-x/@y',
    ])('for the path %j', async (path) => {
      const [sent, curled] = await bothWays({ method: 'GET', url: `${base}${path}`, headers: [] }, {}, shell)
      expect(curled).toEqual(sent)
    })

    test('for a URL with a user in it, who is not sent', async () => {
      const url = `${base.replace('//', '//us:pw@')}/x`
      const [sent, curled] = await bothWays({ method: 'GET', url, headers: [] }, {}, shell)
      expect(curled).toEqual(sent)
      expect(curled?.headers.join()).not.toContain('Authorization')
    })

    test('for a body of 2 MiB, without asking first', async () => {
      const [sent, curled] = await bothWays(
        { method: 'PUT', url: `${base}/x`, headers: [], body: { kind: 'text', text: 'x'.repeat(2 << 20) } },
        {},
        shell,
      )
      expect(curled).toEqual(sent)
    })

    test.each(['PUT', 'POST', 'DELETE'])('for %s without a body, but with its type', async (method) => {
      const headers = [['Content-Type', 'text/x']] as const
      const [sent, curled] = await bothWays({ method, url: `${base}/x`, headers }, {}, shell)
      expect(curled).toEqual(sent)
    })

    test.each([
      ['PUT', 'plain', '/f'],
      ['PUT', 'with[1]{a,b}', '/f'],
      ['PUT', 'plain', '/folder/'],
      ['PUT', 'plain', '/folder/?x=/y'],
      ['PUT', 'plain', ''],
      ['POST', '@at', '/f'],
      ['POST', '-x', '/f/'],
    ])('for %s of the file %s to %j', async (method, name, path) => {
      const file = join(folder, name)
      await writeFile(file, Buffer.from([0, 1, 2, 255, 10]))
      const [sent, curled] = await bothWays(
        { method, url: `${base}${path}`, headers: [], body: { kind: 'file', path: file } },
        {},
        shell,
      )
      expect(curled).toEqual(sent)
    })

    test('a saved body has no headers before it', async () => {
      const saveTo = join(folder, 'saved #1')
      await bothWays({ method: 'GET', url: `${base}/saved`, headers: [], saveTo }, {}, shell)
      expect(await readFile(saveTo, 'utf8')).toBe('the body')
    })

    test('for a file', async () => {
      const path = join(folder, `it's a file`)
      await writeFile(path, Buffer.from([0, 1, 2, 255]))
      const [sent, curled] = await bothWays(
        { method: 'PUT', url: `${base}/f`, headers: [['Content-Type', 'a/b']], body: { kind: 'file', path } },
        {},
        shell,
      )
      expect(curled).toEqual(sent)
    })
  },
)
