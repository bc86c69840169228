import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { OsrunError } from '../../src/model/problem.ts'
import { listen, okay, sender, startRawServer } from './raw-server.ts'

const phases = {
  'before the answer': '',
  'within the head': 'HTTP/1.1 200 OK\r\nX-A: b',
  'within the body': 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc',
}

describe.each(Object.entries(phases))('a server that stops %s', (_, bytes) => {
  test('runs into the time-out of the request', async () => {
    const { base } = await startRawServer(() => bytes)
    await expect(sender()('GET', `${base}/a`, {}, { timeout: 40 })).rejects.toMatchObject({
      code: 'TIMED_OUT',
    })
  })

  test('runs into the time-out of the transport', async () => {
    const { base } = await startRawServer(() => bytes)
    await expect(sender({ timeout: 40 })('POST', `${base}/a`)).rejects.toMatchObject({ code: 'TIMED_OUT' })
  })

  test('can be given up, with the reason that was given, and asked again', async () => {
    let arrived = (): void => {}
    const { base } = await startRawServer(({ line }) => {
      if (line.includes('/next')) return okay('next')
      setImmediate(() => arrived())
      return bytes
    })
    const send = sender()
    const controller = new AbortController()
    const reason = new OsrunError('INTERRUPTED', 'stop')
    arrived = () => controller.abort(reason)
    await expect(send('GET', `${base}/a`, {}, { signal: controller.signal })).rejects.toBe(reason)
    expect(await send('GET', `${base}/next`)).toMatchObject({ status: 200, size: 4 })
  })
})

test('a body that goes on dripping runs into the time-out all the same', async () => {
  const { base } = await startRawServer((_, socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    const drip = (): void => {
      if (!socket.destroyed) socket.write('x', () => setImmediate(drip))
    }
    drip()
    return undefined
  })
  await expect(sender()('GET', `${base}/a`, {}, { timeout: 60 })).rejects.toMatchObject({ code: 'TIMED_OUT' })
})

test('a request given up beforehand is not sent', async () => {
  const { base, requests } = await startRawServer(() => okay())
  const signal = AbortSignal.abort(new OsrunError('DEADLINE_PASSED', 'late'))
  await expect(sender()('GET', `${base}/a`, {}, { signal })).rejects.toMatchObject({
    code: 'DEADLINE_PASSED',
  })
  expect(requests).toHaveLength(0)
})

test.each([
  [AbortSignal.abort(), 'INTERRUPTED'],
  [AbortSignal.abort(new DOMException('late', 'TimeoutError')), 'TIMED_OUT'],
  [AbortSignal.abort('any text'), 'INTERRUPTED'],
])('a foreign reason for giving up becomes a code', async (signal, code) => {
  await expect(sender()('GET', 'http://127.0.0.1:9/', {}, { signal })).rejects.toMatchObject({ code })
})

test('a request can be given up while the connection is being made', async () => {
  const server = createServer()
  const port = await listen(server)
  const controller = new AbortController()
  const asked = sender()('GET', `https://127.0.0.1:${port}/a`, {}, { signal: controller.signal })
  server.once('connection', () => controller.abort())
  await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' })
})

test('a TLS handshake that never ends runs into the time-out', async () => {
  const port = await listen(createServer())
  await expect(sender()('GET', `https://127.0.0.1:${port}/a`, {}, { timeout: 40 })).rejects.toMatchObject({
    code: 'TIMED_OUT',
  })
})

test('a port where nothing listens refuses', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  await new Promise((resolve) => server.close(resolve))
  for (const name of ['127.0.0.1', 'localhost'])
    await expect(sender()('GET', `http://${name}:${port}/`)).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
    })
})

test('a name that cannot be has no address', async () => {
  await expect(sender()('GET', 'http://no-such-host.invalid/')).rejects.toMatchObject({ code: 'DNS_FAILED' })
})

test('closing the transport ends what is under way', async () => {
  const { createTransport } = await import('../../src/http/undici/undici-transport.ts')
  const transport = createTransport({ tls: { insecure: false } })
  let arrived = (): void => {}
  const { base } = await startRawServer(() => {
    arrived()
    return undefined
  })
  const here = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const request = { method: 'GET', url: `${base}/a`, headers: [] }
  const asked = transport.send(request, { signal: new AbortController().signal })
  await Promise.all([here.then(() => transport.close()), expect(asked).rejects.toBeInstanceOf(OsrunError)])
})

test.each([
  ['PUT', 'CONNECTION_LOST'],
  ['DELETE', 'CONNECTION_LOST'],
  ['GET', 'CONNECTION_REFUSED'],
])('a %s that a server heard before it died ends as %s', async (method, code) => {
  const server = createHttpServer((request, response) => {
    if (request.url === '/first') return void response.end()
    server.close()
    request.socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  const base = `http://127.0.0.1:${port}`
  const send = sender()
  expect((await send('GET', `${base}/first`)).status).toBe(200)
  await expect(send(method, `${base}/second`)).rejects.toMatchObject({ code })
})
