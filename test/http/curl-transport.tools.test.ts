import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createSecureServer as createSecondServer } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CurlTransportOptions } from '../../src/library/curl.ts'
import { createCurlTransport, toCurl } from '../../src/library/curl.ts'
import type { HttpRequest, HttpResponse } from '../../src/library/index.ts'
import { createTransport } from '../../src/library/index.ts'
import { nowhere } from '../nowhere.ts'
import { formsOfSecret } from '../run/secret-forms.ts'
import { startByteServer } from './byte-server.ts'
import { createAuthority } from './certificates.ts'
import { childrenOf } from './curl-children.ts'
import { refusedByCurl, takenByCurl } from './odd-answers.ts'
import { listen } from './raw-server.ts'

const { PATH } = process.env
const never = new AbortController().signal
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-curl-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function send(
  request: Partial<HttpRequest> & { readonly url: string },
  options: Partial<CurlTransportOptions> = {},
  make: typeof createCurlTransport = createCurlTransport,
  signal = never,
): Promise<HttpResponse> {
  const transport = make({ tls: { insecure: false }, environment: { PATH }, ...options })
  try {
    return await transport.send({ method: 'GET', headers: [], ...request }, { signal })
  } finally {
    await transport.close()
  }
}

async function outcomeOf(answer: string, make: typeof createCurlTransport): Promise<unknown> {
  const server = await startByteServer((socket) => socket.end(answer, 'latin1'))
  try {
    const { body } = await send({ url: server.url }, {}, make)
    return Buffer.from(body ?? []).toString()
  } catch (error) {
    return (error as { readonly code?: unknown }).code
  } finally {
    await server.close()
  }
}

/** Sends the same to a server that answers with these bytes, by both transports. */
async function bothOf(
  answer: string | ((socket: Socket) => void),
  request: Partial<HttpRequest> = {},
): Promise<readonly unknown[]> {
  const server = await startByteServer(
    typeof answer === 'string' ? (socket) => socket.end(answer, 'latin1') : answer,
  )
  const outcomes: unknown[] = []
  for (const make of [createTransport, createCurlTransport]) {
    try {
      const { duration, md5, ...rest } = await send(
        { url: `${server.url}/x`, ...request },
        { timeout: 3000 },
        make,
      )
      expect(duration).toBeGreaterThanOrEqual(0)
      outcomes.push({
        ...rest,
        md5,
        body: rest.body === undefined ? undefined : Buffer.from(rest.body).toString('latin1'),
      })
    } catch (error) {
      outcomes.push({ code: (error as { readonly code?: unknown }).code })
    }
  }
  await server.close()
  return outcomes
}

describe('an answer is the same by both transports', () => {
  const length = 'Content-Length: 2\r\n\r\nhi'
  test.each([
    ['headers in order and case', `HTTP/1.1 200 OK\r\nX-b: 1\r\nx-A:2\r\nX-b:  3  \r\nEmpty:\r\n${length}`],
    [
      'heads of 1xx before it',
      `HTTP/1.1 102 Processing\r\nX: y\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 404 No\r\n${length}`,
    ],
    ['no reason', `HTTP/1.1 201\r\n${length}`],
    ['bytes in headers', `HTTP/1.1 200 OK\r\nX: caf\u00e9 \u00c3\u00a9\r\n${length}`],
    ['a body that ends with the connection', 'HTTP/1.0 200 OK\r\n\r\nhello\r\n\r\nHTTP/1.1 500 No\r\n\r\n'],
    ['trailers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-T: 1\r\n\r\n'],
    ['a redirect', 'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n'],
    ['an encoding', `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n${length}`],
    ['no content', 'HTTP/1.1 204 No Content\r\nX: y\r\n\r\n'],
    ['a challenge', `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\n${length}`],
  ])('with %s', async (_what, answer) => {
    const [byUndici, byCurl] = await bothOf(answer)
    expect(byCurl).toEqual(byUndici)
    expect(byCurl).toHaveProperty('status')
  })

  test('to a HEAD, also with the headers of a chunked body', async () => {
    const [, byCurl] = await bothOf(
      'HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      { method: 'HEAD' },
    )
    expect(byCurl).toMatchObject({ status: 401, size: 0, body: '' })
  })
})

describe('a failure has the same code by both transports', () => {
  test('trailers without an end', async () => {
    const line = `X: ${'y'.repeat(1000)}\r\n`
    const outcomes = await bothOf((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n')
      const timer = setInterval(() => socket.write(line.repeat(100)), 1)
      socket.on('close', () => clearInterval(timer))
    })
    expect(outcomes).toEqual([{ code: 'RESPONSE_INVALID' }, { code: 'RESPONSE_INVALID' }])
  })

  test.each([
    ['an answer that is no HTTP', 'RESPONSE_INVALID', 'SSH-2.0-OpenSSH\r\n\r\n'],
    [
      'trailers that are too long',
      'RESPONSE_INVALID',
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n${`X: ${'y'.repeat(1000)}\r\n`.repeat(20)}\r\n`,
    ],
    ['a length that is no number', 'RESPONSE_INVALID', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'],
    [
      'a chunk without a length',
      'RESPONSE_INVALID',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
    ],
    ['a body that is cut', 'CONNECTION_LOST', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi'],
    [
      'chunks that are cut',
      'CONNECTION_LOST',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhi',
    ],
    ['no answer', 'CONNECTION_LOST', ''],
    ['a reset', 'CONNECTION_LOST', (socket: Socket) => void socket.resetAndDestroy()],
    ['silence', 'TIMED_OUT', () => {}],
    ['half an answer', 'TIMED_OUT', (socket: Socket) => void socket.write('HTTP/1.1 200 OK\r\n')],
  ])('%s: %s', async (_what, code, answer) => {
    expect(await bothOf(answer)).toEqual([{ code }, { code }])
  })

  test.each([
    ['DNS_FAILED', { url: 'http://name.invalid/' }],
    ['CONNECTION_REFUSED', { url: 'http://127.0.0.1:9/' }],
    ['URL_INVALID', { url: 'http://127.0.0.1:9/a b' }],
    ['URL_INVALID', { url: 'ftp://127.0.0.1:9/' }],
    ['URL_INVALID', { url: 'http://127.0.0.1:9/', headers: [['A b', 'c']] }],
    ['URL_INVALID', { url: 'http://127.0.0.1:9/', headers: [['A', 'b\r\nC: d']] }],
    ['URL_INVALID', { url: 'http://127.0.0.1:9/', headers: [['Transfer-Encoding', 'chunked']] }],
    ['FILE_UNREADABLE', { url: 'http://127.0.0.1:9/', method: 'PUT', body: { kind: 'file', path: nowhere } }],
    ['FILE_UNREADABLE', { url: 'http://127.0.0.1:9/', method: 'PUT', body: { kind: 'file', path: '/' } }],
  ] satisfies [string, Partial<HttpRequest> & { url: string }][])('%s for %j', async (code, request) => {
    for (const make of [createTransport, createCurlTransport])
      await expect(send(request, {}, make)).rejects.toMatchObject({ code })
  })

  test('a server that speaks HTTP/2 as well is asked by HTTP/1.1, as undici does and -v shows', async () => {
    const { key, cert } = await (await createAuthority()).issue('IP:127.0.0.1')
    const server = createSecondServer({ key, cert, allowHTTP1: true }, ({ httpVersion }, response) => {
      response.setHeader('X-Version', httpVersion)
      response.end()
    })
    const url = `https://127.0.0.1:${await listen(server)}/`
    for (const make of [createTransport, createCurlTransport]) {
      const { headers } = await send({ url }, { tls: { insecure: true } }, make)
      expect(headers).toContainEqual(['X-Version', '1.1'])
    }
  })

  test('a certificate that nobody trusts, an authority that signed nothing, and both when told so', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'a:b,cert.pem')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', cert]
    execFileSync('openssl', [...made, ...subject], { stdio: 'ignore' })
    const server = createTlsServer(
      { key: readFileSync(key), cert: readFileSync(cert) },
      (_request, response) => response.end('hi'),
    )
    await new Promise<void>((resolve) => server.listen(0, resolve))
    const { port } = server.address() as { readonly port: number }
    const by = (host: string, tls: CurlTransportOptions['tls']) =>
      Promise.all(
        [createTransport, createCurlTransport].map((make) =>
          send({ url: `https://${host}:${port}/` }, { tls }, make).then(
            ({ status }) => status,
            ({ code, hint }) => [code, hint],
          ),
        ),
      )
    const untrusted = await by('localhost', { insecure: false })
    expect(untrusted[0]).toEqual(untrusted[1])
    expect(untrusted[1]).toHaveProperty('0', 'TLS_FAILED')
    expect(await by('localhost', { insecure: false, cacert: cert })).toEqual([200, 200])
    expect(await by('localhost', { insecure: false, cacert: cert, cert, key })).toEqual([200, 200])
    expect(await by('localhost', { insecure: true })).toEqual([200, 200])
    const [other, otherByCurl] = await by('127.0.0.1', { insecure: false, cacert: cert })
    expect(otherByCurl).toEqual(other)
    const plain = createHttpServer((_request, response) => response.end())
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
    const plainUrl = `https://127.0.0.1:${(plain.address() as { port: number }).port}/`
    for (const make of [createTransport, createCurlTransport])
      await expect(send({ url: plainUrl }, {}, make)).rejects.toMatchObject({ code: 'TLS_FAILED' })
    server.close()
    plain.close()
  })
})

describe('an answer in an odd form', () => {
  const byCurl = (answer: string): Promise<unknown> => outcomeOf(answer, createCurlTransport)

  test.each(takenByCurl)('with $what is taken', async ({ answer }) => {
    expect(await byCurl(answer)).toBe('hello')
  })

  test.each(refusedByCurl)('with $what is refused', async ({ answer }) => {
    expect(await byCurl(answer)).toBe('RESPONSE_INVALID')
  })
})

test('a Host that is given is sent, by the printed line as well', async () => {
  const hosts: (string | undefined)[] = []
  const server = createHttpServer((request, response) => {
    hosts.push(request.headers.host)
    response.end()
  })
  const request: HttpRequest = {
    method: 'GET',
    url: `http://127.0.0.1:${await listen(server)}/`,
    headers: [['Host', 'site.example']],
  }
  for (const make of [createTransport, createCurlTransport]) await send(request, {}, make)
  await promisify(execFile)('bash', ['-c', toCurl(request, { names: [], tls: { insecure: false } })])
  expect(hosts).toEqual(['site.example', 'site.example', 'site.example'])
})

test.each([
  ['before the head', '', 'did not answer GET within 1 s'],
  ['within the body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi', 'stood still'],
])('a server that stops %s ends the request without a time-out', async (_what, answer, words) => {
  const server = await startByteServer((socket) => void socket.write(answer))
  await expect(send({ url: server.url }, { stillness: 1000 })).rejects.toMatchObject({
    code: 'TIMED_OUT',
    message: expect.stringContaining(words),
  })
  await server.close()
})

test('a body that goes on coming is taken, however long it takes', async () => {
  const server = await startByteServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    let left = 100
    const timer = setInterval(() => {
      socket.write('x'.repeat(20))
      if (--left > 0) return
      clearInterval(timer)
      socket.end()
    }, 25)
  })
  expect(await send({ url: server.url }, { stillness: 1000 })).toMatchObject({ status: 200, size: 2000 })
  await server.close()
})

describe('bodies', () => {
  const big = Buffer.alloc(5 << 20, 'osrun ')
  const sha256 = createHash('sha256').update(big).digest('hex')
  const serve = () =>
    startByteServer(
      (socket) =>
        void socket.end(
          Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${big.length}\r\n\r\n`), big]),
        ),
    )

  test('that are larger than what is kept are hashed alone', async () => {
    const server = await serve()
    const answer = await send({ url: server.url }, { keepBytes: 1 << 20 })
    expect(answer).toMatchObject({ status: 200, body: undefined, size: big.length, sha256 })
    expect(Buffer.compare((await send({ url: server.url })).body ?? Buffer.alloc(0), big)).toBe(0)
    await server.close()
  })

  test('that are saved are whole or absent', async () => {
    const server = await serve()
    const saveTo = join(folder, 'saved')
    expect(await send({ url: server.url, saveTo })).toMatchObject({
      body: undefined,
      size: big.length,
      sha256,
    })
    expect(Buffer.compare(readFileSync(saveTo), big)).toBe(0)
    await server.close()
    const cut = await startByteServer(
      (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi'),
    )
    await expect(send({ url: cut.url, saveTo: join(folder, 'cut') })).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
    })
    await expect(send({ url: cut.url, saveTo: '/dev/null/x' })).rejects.toBeDefined()
    expect(readdirSync(folder).filter((name) => /^cut|part$/.test(name))).toEqual([])
    await cut.close()
  })

  test('that cannot be saved say so', async () => {
    const server = await serve()
    await expect(send({ url: server.url, saveTo: '/dev/null/x' })).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
    })
    await server.close()
  })

  test('that are files are hashed while they are sent', async () => {
    const path = join(folder, 'big')
    writeFileSync(path, big)
    let got = 0
    const server = createHttpServer((request, response) => {
      request.on('data', (chunk: Buffer) => (got += chunk.length)).on('end', () => response.end())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/o`
    const answer = await send({ method: 'PUT', url, body: { kind: 'file', path } })
    expect(answer.sent).toMatchObject({ size: big.length, sha256 })
    expect(got).toBe(big.length)
    server.close()
  })
})

test('no process shows a secret in its words or its environment while it runs, and an abort ends all of them', async () => {
  const secret = `p'a$s "w\\ord\u00e9`
  const controller = new AbortController()
  let seen: ReturnType<typeof childrenOf> = []
  const server = await startByteServer(() => {
    seen = childrenOf(process.pid)
    controller.abort()
  })
  const request: HttpRequest = {
    method: 'POST',
    url: `${server.url}/${encodeURIComponent(secret)}?temp_url_sig=${encodeURIComponent(secret)}`,
    headers: [
      ['X-Auth-Token', secret],
      ['Authorization', `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`],
    ],
    body: { kind: 'text', text: JSON.stringify({ secret }) },
  }
  await expect(send(request, {}, createCurlTransport, controller.signal)).rejects.toMatchObject({
    code: 'INTERRUPTED',
  })
  const ours = seen.filter(({ words }) => /curl|^cat\n/.test(words))
  expect(ours.filter(({ words }) => words.startsWith('curl\n-q\n'))).toHaveLength(1)
  const text = JSON.stringify(ours.map(({ words, environment }) => [words, environment]))
  for (const form of formsOfSecret(secret)) expect(text.includes(form)).toBe(false)
  expect(text).not.toContain(Buffer.from(`user:${secret}`).toString('base64'))
  for (const { pid } of ours) expect(childrenOf(process.pid).map((child) => child.pid)).not.toContain(pid)
  await server.close()
})

test('close ends what still runs', async () => {
  const transport = createCurlTransport({ tls: { insecure: false }, environment: { PATH } })
  const server = await startByteServer(() => void transport.close())
  await expect(
    transport.send({ method: 'GET', url: server.url, headers: [] }, { signal: never }),
  ).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  expect(childrenOf(process.pid).filter(({ words }) => words.startsWith('curl\n'))).toEqual([])
  await server.close()
})

test('neither ~/.curlrc nor ~/.bashrc matters, and the environment of curl is PATH and the proxy', async () => {
  writeFileSync(join(folder, '.curlrc'), 'user-agent = "from-curlrc"\n')
  writeFileSync(join(folder, '.bashrc'), `touch ${join(folder, 'bashrc-was-read')}\n`)
  let seen = ''
  const server = await startByteServer((socket) => {
    seen = childrenOf(process.pid).find(({ words }) => words.startsWith('curl\n'))?.environment ?? ''
    socket.end('HTTP/1.1 204 No Content\r\n\r\n')
  })
  const environment = {
    PATH,
    HOME: folder,
    OS_PASSWORD: 'secret-of-env',
    NO_PROXY: 'other.example',
    HTTP_PROXY: server.url,
  }
  await send({ url: 'http://cloud.example/x' }, { environment })
  const names = seen.split('\n').flatMap((line) => (line === '' ? [] : [line.replace(/=.*/, '')]))
  // bash adds what it needs itself.
  expect(names.filter((name) => !/^(PWD|OLDPWD|SHLVL|_)$/.test(name)).sort()).toEqual(['PATH', 'http_proxy'])
  expect(seen).toContain(`http_proxy=${server.url}`)
  expect(readdirSync(folder)).not.toContain('bashrc-was-read')
  await server.close()
})

describe('a curl that cannot be used', () => {
  const fake = (name: string, script: string): string => {
    const bin = mkdtempSync(join(folder, 'bin-'))
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(bin, name), 0o755)
    for (const needed of ['bash', 'cat'])
      if (name !== needed) execFileSync('ln', ['-s', `/bin/${needed}`, join(bin, needed)])
    return bin
  }
  test.each([
    ['is missing', 'not-curl', '', /no curl in PATH/],
    ['is too old', 'curl', 'echo curl 7.61.1 libcurl', /7\.61\.1 is too old/],
    ['is something else', 'curl', 'echo hello', /told no version/],
  ])('because it %s is told before anything is sent', async (_why, name, script, message) => {
    const environment = { PATH: fake(name, script) }
    await expect(send({ url: 'http://127.0.0.1:9/' }, { environment })).rejects.toMatchObject({
      code: 'CURL_UNUSABLE',
      message: expect.stringMatching(message),
      hint: expect.stringContaining('--via'),
    })
  })

  test('because there is no bash', async () => {
    await expect(
      send({ url: 'http://127.0.0.1:9/' }, { environment: { PATH: nowhere } }),
    ).rejects.toMatchObject({ code: 'CURL_UNUSABLE', message: expect.stringMatching(/no bash in PATH/) })
  })

  test('because a header is longer than its configuration may be', async () => {
    await expect(
      send({ url: 'http://127.0.0.1:9/', headers: [['A', 'x'.repeat(100_001)]] }),
    ).rejects.toMatchObject({ code: 'URL_INVALID' })
  })
})
