import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { followRedirects } from '../../src/http/redirect.ts'
import { createTransport } from '../../src/http/undici/undici-transport.ts'
import type { HeaderList, HttpRequest, HttpResponse } from '../../src/model/exchange.ts'
import { okay, type RawRequest, startRawServer, textOf } from './raw-server.ts'

const moved = (status: number, location: string | Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status} Moved\r\nContent-Length: 0\r\nLocation: `),
    Buffer.from(location),
    Buffer.from('\r\n\r\n'),
  ])

async function follow(
  request: Partial<HttpRequest> & { readonly url: string },
  allowed: readonly string[] = [],
): Promise<{
  readonly response: HttpResponse
  readonly hops: readonly string[]
  readonly told: readonly string[]
}> {
  const transport = createTransport({ tls: { insecure: false } })
  onTestFinished(() => transport.close())
  const hops: string[] = []
  const told: string[] = []
  const response = await followRedirects(
    { method: 'GET', headers: [], ...request },
    (asked) => {
      hops.push(asked.url)
      return transport.send(asked, { signal: new AbortController().signal })
    },
    {
      mayReceiveToken: (url) => allowed.includes(new URL(url).origin),
      onStray: (message) => told.push(message),
    },
  )
  return { response, hops, told }
}

const secrets: HeaderList = [
  ['X-Auth-Token', 'the-token'],
  ['x-subject-token', 'the-subject'],
  ['X-Service-Token', 'the-service'],
  ['X-Storage-Token', 'the-storage'],
  ['AUTHORIZATION', 'Basic abc'],
  ['Openstack-Auth-Receipt', 'the-receipt'],
  ['Cookie', 'a=b'],
  ['X-Auth-Key', 'the-key'],
  ['X-Storage-Pass', 'the-pass'],
  ['X-Api-Key', 'the-api-key'],
  ['X-CSRFToken', 'the-csrf'],
  ['X-Container-Sync-Key', 'the-sync-key'],
  ['X-Account-Meta-Temp-URL-Key-2', 'the-url-key'],
]
const own = ({ headers }: RawRequest): readonly string[] =>
  headers.filter((line) => !/^(host|connection|content-length):/i.test(line))

describe.each([301, 302, 303, 307, 308])('a %d', (status) => {
  test.each(['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'COPY'])(
    'to %s keeps method, headers and body',
    async (method) => {
      const { base, requests } = await startRawServer(({ line }) =>
        line.includes('/old') ? moved(status, '/new?b=2') : okay(),
      )
      const body =
        method === 'PUT' || method === 'POST' ? { body: { kind: 'text', text: 'hello' } as const } : {}
      const { response } = await follow({
        method,
        url: `${base}/old?a=1`,
        headers: [['X-Auth-Token', 't']],
        ...body,
      })
      expect(response.status).toBe(200)
      expect(requests.map(({ line }) => line)).toEqual([
        `${method} /old?a=1 HTTP/1.1`,
        `${method} /new?b=2 HTTP/1.1`,
      ])
      expect(requests.map(({ body: sent }) => sent.toString())).toEqual(
        Array(2).fill('body' in body ? 'hello' : ''),
      )
      expect(requests.map(own)).toEqual(Array(2).fill(['X-Auth-Token: t']))
    },
  )
})

describe('credentials', () => {
  const chain = async () => {
    const last = await startRawServer(() => okay())
    const middle = await startRawServer(() => moved(307, `${last.base}/b`))
    const first = await startRawServer(() => moved(302, `${middle.base}/a`))
    return { first, middle, last }
  }

  test('stay behind when the origin changes, and every other header goes on', async () => {
    const { first, middle, last } = await chain()
    await follow({ url: first.base, headers: [...secrets, ['X-Other', 'stays']] })
    expect(first.requests.flatMap(own)).toHaveLength(secrets.length + 1)
    expect(middle.requests.flatMap(own)).toEqual(['X-Other: stays'])
    expect(last.requests.flatMap(own)).toEqual(['X-Other: stays'])
  })

  test('are told by their names, not their values, where they stay behind', async () => {
    const { first, middle } = await chain()
    const { told } = await follow({
      url: first.base,
      headers: [
        ['X-Api-Key', 'the-api-key'],
        ['X-Other', 'x'],
      ],
    })
    expect(told).toEqual([
      `${first.base} redirects to ${middle.base}, which is not in the catalog, so it gets no X-Api-Key.`,
    ])
  })

  test.each([301, 302, 303, 307, 308])('a %d takes no body to a server of nobody', async (status) => {
    const away = await startRawServer(() => okay())
    const { base } = await startRawServer(() => moved(status, `${away.base}/x`))
    const request = { method: 'POST', url: base, body: { kind: 'text', text: 'a=b' } } as const
    await expect(follow(request)).rejects.toMatchObject({ code: 'URL_INVALID' })
    expect(away.requests).toEqual([])
    expect((await follow(request, [away.base])).response.status).toBe(200)
    expect(away.requests.map(({ body }) => body.toString())).toEqual(['a=b'])
  })

  test('go on to an origin of the catalog', async () => {
    const { first, middle, last } = await chain()
    await follow({ url: first.base, headers: secrets }, [middle.base])
    expect(middle.requests.flatMap(own)).toHaveLength(secrets.length)
    expect(last.requests.flatMap(own)).toEqual([])
  })

  test('that stayed behind do not come back on the way home', async () => {
    const home = await startRawServer(({ line }) =>
      line.includes('/start') ? moved(302, `${away.base}/x`) : okay(),
    )
    const away = await startRawServer(() => moved(302, `${home.base}/end`))
    await follow({ url: `${home.base}/start`, headers: secrets }, [home.base])
    expect(home.requests.map((request) => own(request).length)).toEqual([secrets.length, 0])
  })

  test('stay behind when only the host has another name or the port another number', async () => {
    const other = await startRawServer(() => okay())
    const first = await startRawServer(({ line, headers }) =>
      headers.includes(`host: localhost:${first.port}`)
        ? okay()
        : moved(302, line.includes('/name') ? `http://localhost:${first.port}/` : `${other.base}/`),
    )
    await follow({ url: `${first.base}/name`, headers: secrets })
    await follow({ url: `${first.base}/port`, headers: secrets })
    expect([first.requests[1], other.requests[0]].map((request) => request && own(request))).toEqual([[], []])
  })

  test('stay behind when the target hides its host behind a user name', async () => {
    const evil = await startRawServer(() => okay())
    const first = await startRawServer(({ headers }) =>
      moved(302, `http://${headers[0]?.slice(6)}@127.0.0.1:${evil.port}/`),
    )
    await follow({ url: first.base, headers: secrets })
    expect(evil.requests.flatMap(own)).toEqual([])
  })
})

describe('the target', () => {
  test.each([
    ['/abs', '/abs'],
    ['rel', '/a/rel'],
    ['../up', '/up'],
    ['?q=1', '/a/old?q=1'],
    ['/a/../b/./c', '/a/../b/./c'],
    ['/a//b%2Fc', '/a//b%2Fc'],
    ['/with space', '/with%20space'],
    ['/é', '/%C3%A9'],
    ['/x#fragment', '/x'],
  ])('%j is %j', async (location, path) => {
    const { base, requests } = await startRawServer(({ line }) =>
      line.includes(' /a/old ') ? moved(302, location) : okay(),
    )
    await follow({ url: `${base}/a/old` })
    expect(requests[1]?.line).toBe(`GET ${path} HTTP/1.1`)
  })

  test('of a whole URL keeps its path as it is written', async () => {
    const { base, requests } = await startRawServer(({ line }) =>
      line.includes('/old') ? moved(301, `${base}/c/../x//y/.`) : okay(),
    )
    await follow({ method: 'DELETE', url: `${base}/old` })
    expect(requests[1]?.line).toBe('DELETE /c/../x//y/. HTTP/1.1')
  })

  test('without a scheme has that of the request', async () => {
    const other = await startRawServer(() => okay('there'))
    const { base } = await startRawServer(() => moved(302, `//127.0.0.1:${other.port}/x`))
    expect(textOf((await follow({ url: base })).response)).toBe('there')
  })

  test.each([
    'ftp://127.0.0.1/x',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'http://',
    'https://[',
    'mailto:a@b',
  ])('%j is refused', async (location) => {
    const { base, requests } = await startRawServer(() => moved(302, location))
    await expect(follow({ url: base })).rejects.toMatchObject({ code: 'RESPONSE_INVALID' })
    expect(requests).toHaveLength(1)
  })
})

test.each([300, 304, 305, 306])('a %d is not followed', async (status) => {
  const { base, requests } = await startRawServer(() => moved(status, '/x'))
  expect((await follow({ url: base })).response.status).toBe(status)
  expect(requests).toHaveLength(1)
})

test('a redirect that leads nowhere is the answer', async () => {
  const { base } = await startRawServer(() => 'HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n')
  expect((await follow({ url: base })).response.status).toBe(302)
})

test('a circle ends', async () => {
  const { base, requests } = await startRawServer(() => moved(302, '/again'))
  await expect(follow({ url: base })).rejects.toMatchObject({ code: 'TOO_MANY_REDIRECTS' })
  expect(requests).toHaveLength(11)
})

test('a file is sent again from its start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'file')
  writeFileSync(path, 'x'.repeat(200_000))
  const { base, requests } = await startRawServer(({ line }) =>
    line.includes('/old') ? moved(307, '/new') : okay(),
  )
  const { response } = await follow({ method: 'PUT', url: `${base}/old`, body: { kind: 'file', path } })
  expect(requests.map(({ body }) => body.length)).toEqual([200_000, 200_000])
  expect(response.sent?.size).toBe(200_000)
})

test('a Host that was given goes along on its own server, and stays behind at another one', async () => {
  const hosts: string[] = []
  const hostOf = ({ headers }: RawRequest): string =>
    headers.find((line) => /^host:/i.test(line))?.replace(/^host: */i, '') ?? ''
  const { base, port } = await startRawServer((request) => {
    hosts.push(hostOf(request))
    if (request.line.includes('/first')) return moved(302, '/second')
    return request.line.includes('/second') ? moved(307, `http://localhost:${port}/third`) : okay('end')
  })
  const { response } = await follow({ url: `${base}/first`, headers: [['Host', 'site.example']] })
  expect(textOf(response)).toBe('end')
  expect(hosts).toEqual(['site.example', 'site.example', `localhost:${port}`])
})
