import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCurlTransport } from '../../src/http/curl/curl-transport.ts'
import { toCurl } from '../../src/http/curl-line/curl.ts'
import { createTransport } from '../../src/http/undici/undici-transport.ts'
import type { HttpRequest } from '../../src/model/exchange.ts'
import { type Recorded, startRecordingServer } from './recording-server.ts'

let server: Awaited<ReturnType<typeof startRecordingServer>>
let base: string
let folder: string

beforeAll(async () => {
  server = await startRecordingServer()
  base = server.base
  folder = await mkdtemp(join(tmpdir(), 'osrun-'))
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

// What values do in each place is in test/export/four-ways.tools.test.ts; these are the forms of requests.
async function bothWays(
  request: HttpRequest,
  secrets: Readonly<Record<string, string>>,
  shell: string,
): Promise<readonly Recorded[]> {
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
  const recorded = server.take()
  expect(recorded).toHaveLength(3)
  const [byUndici, byCurl, printed] = recorded
  expect(byCurl).toEqual(byUndici)
  return [byUndici, printed].filter((one) => one !== undefined)
}

describe.each(['dash', 'bash'])(
  'the printed line, run by %s, and the transport send what undici sent',
  (shell) => {
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

    test.each([
      ['a list', ['secret']],
      ['one text', 'secret'],
      ['too long for an argument', { a: 'secret', long: "it's".repeat(40_000) }],
    ])('for a JSON body with a secret that is %s', async (_what, json) => {
      const body = { kind: 'text', text: JSON.stringify(json), json } as const
      const request = { method: 'PUT', url: `${base}/x`, headers: [], body }
      const [sent, curled] = await bothWays(request, { OS_PASSWORD: 'secret' }, shell)
      expect(curled).toEqual(sent)
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
