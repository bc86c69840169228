import { writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { resolveCloud } from '../../src/library/index.ts'
import { nowhere } from '../nowhere.ts'
import { recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { type Authority, createAuthority } from './certificates.ts'
import { listen, sender } from './raw-server.ts'

async function secureServer(options: ServerOptions): Promise<string> {
  const server = createServer(options, (request, response) => {
    const peer = (request.socket as TLSSocket).getPeerCertificate()
    response.end(peer?.subject === undefined ? 'nobody' : String(peer.subject.CN))
  })
  server.on('tlsClientError', () => {})
  return `https://127.0.0.1:${await listen(server)}`
}

const failure = (asked: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> =>
  asked.then(
    () => Promise.reject(new Error('it was accepted')),
    (error: { code: string; message: string; hint: string }) => error,
  )

describe('a certificate of an own authority', () => {
  test("is refused by the system's authorities, and the message says so", async () => {
    const base = await secureServer(await (await createAuthority()).issue('IP:127.0.0.1'))
    const error = await failure(sender()('GET', `${base}/`))
    expect(error.code).toBe('TLS_FAILED')
    expect(error.message).toMatch(/the system's authorities|Node's own authorities, as the system has none/)
    expect(error.hint).toContain('--cacert')
  })

  test('is accepted with its cacert, again and again', async () => {
    const authority = await createAuthority()
    const base = await secureServer(await authority.issue('IP:127.0.0.1'))
    const send = sender({ tls: { insecure: false, cacert: authority.certFile } })
    for (let time = 0; time < 3; time++) expect((await send('GET', `${base}/`)).status).toBe(200)
    expect((await send('POST', `${base}/`)).status).toBe(200)
  })

  test('is refused with another cacert, and the message names that file', async () => {
    const base = await secureServer(await (await createAuthority()).issue('IP:127.0.0.1'))
    const other = (await createAuthority()).certFile
    const error = await failure(sender({ tls: { insecure: false, cacert: other } })('GET', `${base}/`))
    expect(error.code).toBe('TLS_FAILED')
    expect(error.message).toContain(other)
  })

  test('that signed itself is refused, and accepted as its own cacert', async () => {
    const { cert, key, certFile } = await createAuthority()
    const base = await secureServer({ cert, key })
    expect((await failure(sender()('GET', `${base}/`))).code).toBe('TLS_FAILED')
    const error = await failure(sender({ tls: { insecure: false, cacert: certFile } })('GET', `${base}/`))
    expect(error.hint).toContain('another name')
  })

  test('is not looked at when insecure, whatever cacert is', async () => {
    const base = await secureServer(
      await (await createAuthority()).issue('DNS:elsewhere.example', { expired: true }),
    )
    const send = sender({ tls: { insecure: true, cacert: nowhere } })
    expect((await send('GET', `${base}/`)).status).toBe(200)
  })
})

test('a certificate for another name is refused', async () => {
  const authority = await createAuthority()
  const base = await secureServer(await authority.issue('DNS:elsewhere.example'))
  const error = await failure(
    sender({ tls: { insecure: false, cacert: authority.certFile } })('GET', `${base}/`),
  )
  expect(error.code).toBe('TLS_FAILED')
  expect(error.hint).toContain('another name')
})

test('an expired certificate is refused, and the hint does not send one to --cacert', async () => {
  const authority = await createAuthority()
  const base = await secureServer(await authority.issue('IP:127.0.0.1', { expired: true }))
  const error = await failure(
    sender({ tls: { insecure: false, cacert: authority.certFile } })('GET', `${base}/`),
  )
  expect(error.code).toBe('TLS_FAILED')
  expect(error.message).toContain('expired')
  expect(error.hint).not.toContain('--cacert')
})

describe('a client certificate', () => {
  const demanding = async (authority: Authority): Promise<string> =>
    secureServer({
      ...(await authority.issue('IP:127.0.0.1')),
      ca: authority.cert,
      requestCert: true,
      rejectUnauthorized: true,
    })

  test('is sent, with its key in a file of its own', async () => {
    const authority = await createAuthority()
    const base = await demanding(authority)
    const { certFile, keyFile } = await authority.issue('DNS:client')
    const tls = { insecure: false, cacert: authority.certFile, cert: certFile, key: keyFile }
    expect((await sender({ tls })('GET', `${base}/`)).body?.toString()).toBe('Test')
  })

  test('is sent, with its key in the same file', async () => {
    const authority = await createAuthority()
    const base = await demanding(authority)
    const { cert, key } = await authority.issue('DNS:client')
    const both = join(authority.folder, 'both.pem')
    writeFileSync(both, `${key}${cert}`)
    const tls = { insecure: false, cacert: authority.certFile, cert: both }
    expect((await sender({ tls })('GET', `${base}/`)).status).toBe(200)
  })

  test('that the server misses is a failed handshake', async () => {
    const authority = await createAuthority()
    const leaf = await authority.issue('IP:127.0.0.1')
    const base = await secureServer({ ...leaf, ca: authority.cert, requestCert: true, maxVersion: 'TLSv1.2' })
    const error = await failure(
      sender({ tls: { insecure: false, cacert: authority.certFile } })('GET', `${base}/`),
    )
    expect(error.code).toBe('TLS_FAILED')
    expect(error.hint).toContain('--cert')
    expect(error.hint).not.toContain('--cacert')
  })

  // In TLS 1.3 the client has finished its handshake before the server refuses it.
  test('that a server of TLS 1.3 misses is a failure, not an answer', async () => {
    const authority = await createAuthority()
    const base = await demanding(authority)
    const error = await failure(
      sender({ tls: { insecure: false, cacert: authority.certFile } })('GET', `${base}/`),
    )
    expect(['TLS_FAILED', 'CONNECTION_LOST']).toContain(error.code)
  })

  test("with another one's key is told before anything is sent", async () => {
    const authority = await createAuthority()
    const base = await demanding(authority)
    const tls = {
      insecure: false,
      cacert: authority.certFile,
      cert: (await authority.issue('DNS:client')).certFile,
      key: (await authority.issue('DNS:other')).keyFile,
    }
    expect((await failure(sender({ tls })('GET', `${base}/`))).code).toBe('FILE_UNREADABLE')
  })

  test.each(['cacert', 'cert', 'key'])(
    'or authority whose file cannot be read or is no PEM names the file: %s',
    async (option) => {
      const authority = await createAuthority()
      const base = await secureServer(await authority.issue('IP:127.0.0.1'))
      const { certFile, keyFile } = await authority.issue('DNS:client')
      const good = { insecure: false, cacert: authority.certFile, cert: certFile, key: keyFile }
      const missing = join(authority.folder, 'missing.pem')
      const none = await failure(sender({ tls: { ...good, [option]: missing } })('GET', `${base}/`))
      expect(none.code).toBe('FILE_UNREADABLE')
      expect(none.message).toContain(missing)
      const noPem = join(authority.folder, 'no.pem')
      writeFileSync(noPem, 'this is no PEM\n')
      const garbage = await failure(sender({ tls: { ...good, [option]: noPem } })('GET', `${base}/`))
      expect(garbage.code).toBe('FILE_UNREADABLE')
      expect(garbage.message).toContain(noPem)
    },
  )
})

describe('the wrong protocol', () => {
  test('https to a port of HTTP says so', async () => {
    const port = await listen(createHttpServer((_, response) => response.end()))
    const error = await failure(sender()('GET', `https://127.0.0.1:${port}/`))
    expect(error.code).toBe('TLS_FAILED')
    expect(error.hint).toContain('http')
    expect(error.hint).not.toContain('--cacert')
  })

  test('HTTP to a port of TLS is a failure, not an answer', async () => {
    const base = await secureServer(await (await createAuthority()).issue('IP:127.0.0.1'))
    const error = await failure(sender()('GET', base.replace('https', 'http')))
    expect(['RESPONSE_INVALID', 'CONNECTION_LOST']).toContain(error.code)
  })
})

test('a run that verifies nothing says so before it sends anything', async () => {
  const base = await secureServer(await (await createAuthority()).issue('DNS:elsewhere.example'))
  const cloud = await resolveCloud({
    flags: { insecure: 'true' },
    environment: { OS_AUTH_TYPE: 'none', OS_ENDPOINT: base },
    home: nowhere,
    cwd: nowhere,
    platform: 'linux',
    readFile: async () => undefined,
  })
  const { events, result } = await runToEnd(
    await recipeOf(`osrun: 1\nname: n\nsteps:\n  - request: GET ${base}/\n`),
    { cloud },
  )
  expect(result.status).toBe('passed')
  const warned = events.findIndex((event) => event.type === 'notice' && event.level === 'warning')
  expect(warned).toBeGreaterThanOrEqual(0)
  expect(warned).toBeLessThan(events.findIndex((event) => event.type === 'exchange'))
})
