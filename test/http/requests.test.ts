import { describe, expect, test } from 'vitest'
import type { HeaderList, HttpRequest } from '../../src/model/exchange.ts'
import { okay, sender, startRawServer } from './raw-server.ts'

describe('the path goes out as it is written', () => {
  test.each([
    ['/a/../b/./c', '/a/../b/./c'],
    ['/a//b///', '/a//b///'],
    ['/a%2Fb%2f%41', '/a%2Fb%2f%41'],
    ['/a?b?c=1&&d', '/a?b?c=1&&d'],
    ['/a?', '/a?'],
    ['?limit=2', '/?limit=2'],
    ['', '/'],
    ['/a#fragment', '/a'],
    ['/a?b#c?d', '/a?b'],
    ["/a'(b)*!;,:@&=+$~-_.", "/a'(b)*!;,:@&=+$~-_."],
    ['/[1]{2}|^`"<>\\', '/[1]{2}|^`"<>\\'],
    ['/100%', '/100%'],
    ['/%zz', '/%zz'],
    ['/é/€/😀', '/%C3%A9/%E2%82%AC/%F0%9F%98%80'],
    ['/a?q=é', '/a?q=%C3%A9'],
    ['/\ud800x', '/%EF%BF%BDx'],
    ['/http://other/x', '/http://other/x'],
    ['//host/x', '//host/x'],
  ])('%j as %j', async (path, expected) => {
    const { base, requests } = await startRawServer(() => okay())
    await sender()('GET', `${base}${path}`)
    expect(requests[0]?.line).toBe(`GET ${expected} HTTP/1.1`)
  })

  test('after a host in any case, with a user name that is not sent', async () => {
    const { port, requests } = await startRawServer(() => okay())
    await sender()('GET', `HTTP://someone:secret@LOCALHOST:${port}/a`)
    expect(requests[0]?.line).toBe('GET /a HTTP/1.1')
    expect(requests[0]?.headers).toContain(`host: localhost:${port}`)
    expect(JSON.stringify(requests[0])).not.toContain('secret')
  })
})

describe('a URL is refused', () => {
  test.each([
    'http://127.0.0.1:1/a b',
    'http://127.0.0.1:1/a\tb',
    'http://127.0.0.1:1/a\r\nX-Injected: 1',
    'http://127.0.0.1:1/\u0000',
    'http://127.0.0.1:1/\u007f',
    'ftp://127.0.0.1/a',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '/relative',
    '',
    'http://',
    'http:/127.0.0.1:1/a',
    'http:127.0.0.1:1/a',
    'http:///127.0.0.1:1/a',
    'http:\\\\127.0.0.1:1\\a',
    'http://127.0.0.1:99999/',
  ])('%j', async (url) => {
    await expect(sender()('GET', url)).rejects.toMatchObject({ code: 'URL_INVALID' })
  })
})

const headersOf = (lines: readonly string[] = []): readonly string[] => [...lines].sort()

describe('headers', () => {
  test('are the own ones, in order and spelling, with Host and Connection before them', async () => {
    const { base, port, requests } = await startRawServer(() => okay())
    const headers: HeaderList = [
      ['X-auth-TOKEN', 'gAAAA'],
      ['Accept', '*/*'],
      ['X-Empty', ''],
      ['X-Same', 'one'],
      ['X-Same', 'two'],
      ['x-same', 'three'],
      ['X-Tab', 'a\tb'],
    ]
    await sender()('GET', `${base}/a`, { headers })
    expect(requests[0]?.headers).toEqual([
      `host: 127.0.0.1:${port}`,
      'connection: keep-alive',
      ...headers.map(([name, value]) => `${name}: ${value}`),
    ])
  })

  test.each([
    ['GET', []],
    ['HEAD', []],
    ['DELETE', []],
    ['OPTIONS', []],
    ['COPY', []],
    ['PUT', ['content-length: 0']],
    ['POST', ['content-length: 0']],
    ['PATCH', ['content-length: 0']],
  ])('of %s without a body are Host, Connection and %j', async (method, length) => {
    const { base, port, requests } = await startRawServer(() => okay())
    await sender()(method, `${base}/a`)
    expect(headersOf(requests[0]?.headers)).toEqual(
      headersOf([`host: 127.0.0.1:${port}`, 'connection: keep-alive', ...length]),
    )
  })

  test.each(['PUT', 'POST', 'PATCH', 'DELETE', 'COPY', 'OPTIONS'])(
    'of %s with a text tell its bytes',
    async (method) => {
      const { base, requests } = await startRawServer(() => okay())
      await sender()(method, `${base}/a`, { body: { kind: 'text', text: 'é€😀\r\n' } })
      expect(
        requests[0]?.headers.filter((line) => /^(content-length|transfer-encoding)/i.test(line)),
      ).toEqual(['content-length: 11'])
      expect(requests[0]?.body.toString()).toBe('é€😀\r\n')
    },
  )

  test.each(['PUT', 'POST'])('of %s with an empty text tell 0', async (method) => {
    const { base, requests } = await startRawServer(() => okay())
    await sender()(method, `${base}/a`, { body: { kind: 'text', text: '' } })
    expect(requests[0]?.headers.filter((line) => /^content-length/i.test(line))).toEqual([
      'content-length: 0',
    ])
  })

  test('that say Host ask for that site, and a length may be the right one', async () => {
    const { base, requests } = await startRawServer(() => okay())
    const headers: HeaderList = [
      ['HOST', 'site.example'],
      ['Content-length', '4'],
    ]
    await sender()('PUT', `${base}/a`, { headers, body: { kind: 'text', text: 'four' } })
    expect(headersOf(requests[0]?.headers)).toEqual(
      headersOf(['host: site.example', 'connection: keep-alive', 'content-length: 4']),
    )
  })

  test.each<[string, HeaderList, Partial<HttpRequest>]>([
    [
      'a length that is not that of the body',
      [['content-length', '3']],
      { body: { kind: 'text', text: 'four' } },
    ],
    ['a length without a body', [['Content-Length', '3']], {}],
    ['the length of a file', [['Content-Length', '3']], { body: { kind: 'file', path: 'package.json' } }],
    ['a Host with a path', [['Host', 'site.example/a']], {}],
    ['an empty Host', [['Host', '']], {}],
    [
      'two hosts',
      [
        ['Host', 'a'],
        ['host', 'b'],
      ],
      {},
    ],
  ])('that say %s are refused, and nothing is sent', async (_what, headers, more) => {
    const { base, requests } = await startRawServer(() => okay())
    await expect(sender()('PUT', `${base}/a`, { headers, ...more })).rejects.toMatchObject({
      code: 'URL_INVALID',
    })
    expect(requests).toEqual([])
  })

  test.each<readonly [string, string]>([
    ['X-A', 'a\r\nX-Injected: 1'],
    ['X-A', 'a\nb'],
    ['X-A', 'a\r'],
    ['X-A', '\u0000'],
    ['X-A', '\ud800'],
    ['X-A\r\nX-B', 'a'],
    ['X A', 'a'],
    ['X-A:', 'a'],
    ['', 'a'],
    ['É', 'a'],
    ['Expect', '100-continue'],
    ['EXPECT', 'anything'],
    ['Transfer-Encoding', 'chunked'],
    ['Keep-Alive', 'timeout=5'],
    ['Upgrade', 'h2c'],
  ])('%j: %j are refused before anything is sent', async (name, value) => {
    const { base, requests } = await startRawServer(() => okay())
    await expect(sender()('GET', `${base}/a`, { headers: [[name, value]] })).rejects.toMatchObject({
      code: 'URL_INVALID',
    })
    expect(requests).toHaveLength(0)
  })

  test.each(['G T', 'GET\r\n', '', 'É', 'CONNECT'])('with the method %j are refused', async (method) => {
    const { base, requests } = await startRawServer(() => okay())
    await expect(sender()(method, `${base}/a`)).rejects.toMatchObject({ code: 'URL_INVALID' })
    expect(requests).toHaveLength(0)
  })
})
