import { request as askUpstream, createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect as dial } from 'node:net'
import { describe, expect, test } from 'vitest'
import { proxyFor } from '../../src/http/proxy.ts'
import { recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { createAuthority } from './certificates.ts'
import { listen, okay, sender, startRawServer, textOf } from './raw-server.ts'

/** A proxy that forwards and tunnels, and keeps what it was asked. */
async function startProxy(answer?: { readonly status: number; readonly times?: number }) {
  const asked: {
    readonly line: string
    readonly authorization: string | undefined
    readonly headers: string[]
  }[] = []
  const keep = (request: IncomingMessage) =>
    asked.push({
      line: `${request.method} ${request.url}`,
      authorization: request.headers['proxy-authorization'] as string | undefined,
      headers: request.rawHeaders,
    })
  const server = createHttpServer((request, response) => {
    keep(request)
    if (answer) return void response.writeHead(answer.status).end('the proxy says no')
    const { 'proxy-authorization': _, ...headers } = request.headers
    const onward = askUpstream(request.url ?? '', { method: request.method, headers }, (back) => {
      response.writeHead(back.statusCode ?? 500, back.headers)
      back.pipe(response)
    })
    onward.on('error', () => response.writeHead(502).end())
    request.pipe(onward)
  })
  server.on('connect', (request, socket, head) => {
    keep(request)
    if (answer) return void socket.end(`HTTP/1.1 ${answer.status} No\r\nContent-Length: 0\r\n\r\n`)
    const { hostname, port } = new URL(`http://${request.url}`)
    const onward = dial(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.write(head)
      socket.pipe(onward).pipe(socket)
    })
    for (const side of [onward, socket])
      side.on('error', () => [onward, socket].map((other) => other.destroy()))
  })
  const port = await listen(server)
  return { port, asked, url: `http://127.0.0.1:${port}` }
}

async function secureUpstream() {
  const authority = await createAuthority()
  const server = createSecureServer(await authority.issue('IP:127.0.0.1'), (_, response) =>
    response.end('through'),
  )
  return { base: `https://127.0.0.1:${await listen(server)}`, cacert: authority.certFile }
}

const credentials = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

describe('http through a proxy', () => {
  test.each(['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'])(
    'of %s asks it by whole URLs, paths as written',
    async (name) => {
      const proxy = await startProxy()
      const { base } = await startRawServer(({ line }) => okay(line))
      const send = sender({ environment: { [name]: proxy.url } })
      expect((await send('GET', `${base}/a/../b//c?d=%2F`)).status).toBe(200)
      expect(proxy.asked.map(({ line }) => line)).toEqual([`GET ${base}/a/../b//c?d=%2F`])
    },
  )

  test('keeps every header, also of one name, and the host of the URL', async () => {
    const proxy = await startProxy()
    const { base, port } = await startRawServer(() => okay())
    await sender({ environment: { http_proxy: proxy.url } })('GET', `${base}/`, {
      headers: [
        ['X-Same', 'one'],
        ['X-Same', 'two'],
      ],
    })
    expect(proxy.asked[0]?.headers).toEqual([
      'host',
      `127.0.0.1:${port}`,
      'connection',
      'keep-alive',
      'X-Same',
      'one',
      'X-Same',
      'two',
    ])
  })

  test('works without a scheme in the variable, for every method, again and again', async () => {
    const proxy = await startProxy()
    const { base, requests } = await startRawServer(() => okay())
    const send = sender({ environment: { http_proxy: `127.0.0.1:${proxy.port}` } })
    for (const method of ['GET', 'HEAD', 'PUT', 'POST', 'POST', 'DELETE'])
      expect(
        (await send(method, `${base}/`, method === 'POST' ? { body: { kind: 'text', text: 'b' } } : {}))
          .status,
      ).toBe(200)
    expect(requests).toHaveLength(6)
    expect(proxy.asked).toHaveLength(6)
  })

  test('that refuses is an answer', async () => {
    const proxy = await startProxy({ status: 407 })
    const response = await sender({ environment: { http_proxy: proxy.url } })('GET', 'http://127.0.0.1:1/')
    expect(response.status).toBe(407)
  })
})

describe('https through a proxy', () => {
  test.each(['https_proxy', 'HTTPS_PROXY', 'all_proxy'])(
    'of %s is a tunnel, and the server is verified',
    async (name) => {
      const proxy = await startProxy()
      const { base, cacert } = await secureUpstream()
      const environment = { [name]: proxy.url, http_proxy: 'http://127.0.0.1:1' }
      expect(
        textOf(await sender({ environment, tls: { insecure: false, cacert } })('GET', `${base}/a`)),
      ).toBe('through')
      expect(proxy.asked.map(({ line }) => line)).toEqual([`CONNECT ${base.slice(8)}`])
      await expect(sender({ environment })('GET', `${base}/a`)).rejects.toMatchObject({ code: 'TLS_FAILED' })
    },
  )

  test('keeps headers of one name', async () => {
    const proxy = await startProxy()
    const authority = await createAuthority()
    const server = createSecureServer(await authority.issue('IP:127.0.0.1'), (request, response) =>
      response.end(JSON.stringify(request.rawHeaders.filter((word) => /^(X-Same|one|two)$/i.test(word)))),
    )
    const base = `https://127.0.0.1:${await listen(server)}`
    const send = sender({
      environment: { https_proxy: proxy.url },
      tls: { insecure: false, cacert: authority.certFile },
    })
    const headers = [
      ['X-Same', 'one'],
      ['X-Same', 'two'],
    ] as const
    expect(JSON.parse(textOf(await send('GET', base, { headers })))).toEqual([
      'X-Same',
      'one',
      'X-Same',
      'two',
    ])
  })

  test.each([403, 407, 502])('that answers %d to CONNECT is told, once', async (status) => {
    const proxy = await startProxy({ status })
    const asked = sender({ environment: { https_proxy: proxy.url } })('GET', 'https://127.0.0.1:1/')
    await expect(asked).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
      message: expect.stringContaining(String(status)),
    })
    expect(proxy.asked).toHaveLength(1)
  })
})

describe('user and password of a proxy', () => {
  test.each([
    ['user:password', 'user:password'],
    ['user', 'user:'],
    ['us%40er:p%3Aa%2Fs', 'us@er:p:a/s'],
    ['user:100%', 'user:100%'],
    ['%C3%A9:%E2%82%AC', 'é:€'],
  ])('%s are sent to it, and to nobody else', async (written, sent) => {
    const proxy = await startProxy()
    const secure = await secureUpstream()
    const { base, requests } = await startRawServer(() => okay())
    const url = `http://${written}@127.0.0.1:${proxy.port}`
    const tls = { insecure: false, cacert: secure.cacert }
    const send = sender({ environment: { http_proxy: url, https_proxy: url }, tls })
    await send('GET', `${base}/`)
    await send('GET', `${secure.base}/`)
    expect(proxy.asked.map(({ authorization }) => authorization)).toEqual(Array(2).fill(credentials(sent)))
    expect(requests[0]?.headers.some((line) => /^proxy-authorization/i.test(line))).toBe(false)
  })

  test.each([
    'http://user:hunter2hunter2@127.0.0.1:1',
    'http://user:hunter2hunter2@no-such-host.invalid:1',
    'http://user:hunter2hunter2@[',
    'gopher://user:hunter2hunter2@127.0.0.1:1',
    'http://user:hunter2hunter2@127.0.0.1:99999',
  ])('are shown nowhere: %s', async (url) => {
    const environment = { http_proxy: url, https_proxy: url }
    for (const scheme of ['http', 'https']) {
      const recipe = await recipeOf(`osrun: 1\nname: n\nsteps:\n  - request: GET ${scheme}://127.0.0.1:1/\n`)
      const { events, result } = await runToEnd(recipe, { environment })
      expect(result.status).toBe('errored')
      expect(result.problem?.code).not.toBe('INTERNAL')
      const shown = JSON.stringify([events, result])
      expect(shown).not.toContain('hunter2hunter2')
      expect(shown).not.toContain(credentials('user:hunter2hunter2').slice(6))
    }
  })
})

test('a proxy where nothing listens is told by its own name', async () => {
  const environment = { http_proxy: 'http://127.0.0.1:1', https_proxy: 'http://127.0.0.1:1' }
  for (const url of ['http://example.test/', 'https://example.test/'])
    await expect(sender({ environment })('GET', url)).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
      message: expect.stringContaining('127.0.0.1:1'),
    })
})

describe('no_proxy', () => {
  test.each([
    ['*', 'http://a.example/', true],
    ['a.example', 'http://a.example/', true],
    ['a.example', 'http://A.EXAMPLE/', true],
    ['a.example', 'http://b.a.example/', true],
    ['a.example', 'http://ba.example/', false],
    ['.a.example', 'http://b.a.example/', true],
    ['.a.example', 'http://a.example/', true],
    ['*.a.example', 'http://b.a.example/', true],
    ['example', 'http://a.example/', true],
    ['ample', 'http://a.example/', false],
    ['x, a.example ,y', 'http://a.example/', true],
    ['x y a.example', 'http://a.example/', true],
    ['a.example:8080', 'http://a.example:8080/', true],
    ['a.example:8080', 'http://a.example/', false],
    ['a.example:443', 'https://a.example/', true],
    ['a.example:80', 'http://a.example/', true],
    ['127.0.0.1', 'http://127.0.0.1:5000/', true],
    ['0.0.1', 'http://127.0.0.1/', false],
    ['10.0.0.0/8', 'http://10.200.3.4/', true],
    ['10.0.0.0/8', 'http://11.0.0.1/', false],
    ['10.0.0.0/33', 'http://10.0.0.1/', false],
    ['10.0.0.0/8', 'http://a.example/', false],
    ['::1', 'http://[::1]:8080/', true],
    ['[::1]', 'http://[::1]:8080/', true],
    ['[::1]:8080', 'http://[::1]:8080/', true],
    ['[::1]:8081', 'http://[::1]:8080/', false],
    ['fd00::/8', 'http://[fd12::1]/', true],
    ['fd00::/8', 'http://[fe80::1]/', false],
    ['', 'http://a.example/', false],
    [',', 'http://a.example/', false],
  ])('%j for %s: %s', (noProxy, url, exempt) => {
    for (const name of ['no_proxy', 'NO_PROXY']) {
      const environment = { http_proxy: 'http://p', https_proxy: 'http://p', [name]: noProxy }
      expect(proxyFor(new URL(url), environment)).toBe(exempt ? undefined : 'http://p')
    }
  })

  test('keeps a request from the proxy', async () => {
    const { base } = await startRawServer(() => okay('direct'))
    const environment = { http_proxy: 'http://127.0.0.1:1', NO_PROXY: 'localhost,127.0.0.0/8' }
    expect(textOf(await sender({ environment })('GET', `${base}/`))).toBe('direct')
  })

  test('lower case wins, and an empty variable is none', () => {
    const url = new URL('http://a.example/')
    expect(proxyFor(url, { http_proxy: 'http://low', HTTP_PROXY: 'http://high' })).toBe('http://low')
    expect(proxyFor(url, { http_proxy: '', HTTP_PROXY: 'http://high' })).toBe('http://high')
    expect(proxyFor(url, { http_proxy: '', all_proxy: 'http://all' })).toBe('http://all')
    expect(proxyFor(url, { https_proxy: 'http://secure' })).toBeUndefined()
    expect(proxyFor(url, {})).toBeUndefined()
  })
})
