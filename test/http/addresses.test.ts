import dns from 'node:dns'
import { createServer } from 'node:http'
import net from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { listen, sender } from './raw-server.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

// A name with these addresses; `far.test` is looked up by nobody else.
function addressesOfName(...addresses: readonly string[]): void {
  const lookup = (_host: string, _options: unknown, done: (error: null, found: unknown) => void): void =>
    done(
      null,
      addresses.map((address) => ({ address, family: net.isIP(address) })),
    )
  vi.spyOn(dns, 'lookup').mockImplementation(lookup as unknown as typeof dns.lookup)
}

// An address of the documentation's network, which nobody has, that takes some time for its handshake.
function slowly(address: string, port: number, milliseconds: number): void {
  const { connect } = net
  vi.spyOn(net, 'connect').mockImplementation(((options: net.NetConnectOpts & { host: string }) => {
    if (options.host !== address) return connect(options)
    const socket = new net.Socket()
    setTimeout(() => socket.destroyed || socket.connect(port, '127.0.0.1'), milliseconds)
    return socket
  }) as unknown as typeof net.connect)
}

async function serve(): Promise<{ readonly port: number; readonly count: () => number }> {
  let connections = 0
  const server = createServer((_, response) => response.end('ok'))
  server.on('connection', () => connections++)
  return { port: await listen(server), count: () => connections }
}

test('a slow first address is waited for while others refuse, and is asked once', async () => {
  const { port, count } = await serve()
  addressesOfName('192.0.2.1', '::1', '127.0.0.3')
  slowly('192.0.2.1', port, 700)
  const response = await sender()('GET', `http://far.test:${port}/`)
  expect([response.status, count()]).toEqual([200, 1])
})

test('another address is taken when the first says nothing', async () => {
  const { port } = await serve()
  addressesOfName('192.0.2.1', '127.0.0.1')
  slowly('192.0.2.1', port, 30_000)
  expect((await sender()('GET', `http://far.test:${port}/`)).status).toBe(200)
})

test('where all refuse, the message has what each said', async () => {
  const { port } = await serve()
  addressesOfName('127.0.0.2', '127.0.0.3')
  await expect(sender()('GET', `http://far.test:${port}/`)).rejects.toMatchObject({
    code: 'CONNECTION_REFUSED',
    message: `Nothing listens at http://far.test:${port} (127.0.0.2: refused, 127.0.0.3: refused).`,
  })
})

test('a name without an address is told by its name', async () => {
  vi.spyOn(dns, 'lookup').mockImplementation(((
    _host: string,
    _options: unknown,
    done: (error: Error) => void,
  ) =>
    done(
      Object.assign(new Error('getaddrinfo ENOTFOUND far.test'), { code: 'ENOTFOUND' }),
    )) as unknown as typeof dns.lookup)
  await expect(sender()('GET', 'http://far.test/')).rejects.toMatchObject({ code: 'DNS_FAILED' })
})
