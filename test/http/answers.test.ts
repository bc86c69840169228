import { describe, expect, test } from 'vitest'
import { headerOf } from '../../src/model/exchange.ts'
import { okay, sender, startRawServer, textOf } from './raw-server.ts'

// What Swift 2.30 answers to a HEAD with a token that it does not take: a body, though a HEAD has none.
const refusedHead = (status: string, connection: string): string =>
  [
    `HTTP/1.1 ${status}`,
    'Content-Type: text/html; charset=UTF-8',
    'Www-Authenticate: Swift realm="AUTH_fee040b1c4d24aeb985c3cdea1c3f363"',
    'WWW-Authenticate: Keystone uri="http://127.0.0.1:35357/v3"',
    'X-Trans-Id: tx654f90a99f4b481f819fe-006b047ad8',
    'Transfer-Encoding: chunked',
    ...(connection === '' ? [] : [`Connection: ${connection}`]),
    '',
    '0',
    '',
    '',
  ].join('\r\n')

describe.each(['', 'close', 'keep-alive'])(
  'a HEAD that is refused with a chunked body, Connection: "%s"',
  (connection) => {
    test.each(['401 Unauthorized', '403 Forbidden'])('is %s, and the next request works', async (status) => {
      const { base } = await startRawServer(({ line }, socket) => {
        if (!line.startsWith('HEAD')) return okay('next')
        socket.write(refusedHead(status, connection))
        if (connection === 'close') socket.end()
        return undefined
      })
      const send = sender()
      const refused = await send('HEAD', `${base}/v1/AUTH_x/photos/a.jpg`)
      expect(refused).toMatchObject({ status: Number(status.slice(0, 3)), size: 0 })
      expect(headerOf(refused.headers, 'x-trans-id')).toBe('tx654f90a99f4b481f819fe-006b047ad8')
      expect(textOf(await send('GET', `${base}/next`))).toBe('next')
      expect((await send('HEAD', `${base}/again`)).status).toBe(refused.status)
      expect((await send('PUT', `${base}/next`)).status).toBe(200)
    })

    test('does not disturb requests that go on at the same time', async () => {
      const { base } = await startRawServer(({ line }) =>
        line.startsWith('HEAD') ? refusedHead('401 Unauthorized', connection) : okay('next'),
      )
      const send = sender({ connections: 2 })
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => send(index % 2 === 0 ? 'HEAD' : 'GET', `${base}/${index}`)),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => [401, 200]).flat())
    })
  },
)

describe('a server that closes after each answer without saying so', () => {
  // The second request on a connection finds it closed: the race that a keep-alive client loses now and then.
  const closing = () =>
    startRawServer(({ before }, socket) => {
      if (before > 0) {
        socket.destroy()
        return undefined
      }
      return okay('here')
    })

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'COPY'])('%s succeeds each time', async (method) => {
    const { base } = await closing()
    const send = sender()
    for (let time = 0; time < 4; time++) expect((await send(method, `${base}/a`)).status).toBe(200)
  })

  test('requests in parallel succeed each time', async () => {
    const { base } = await closing()
    const send = sender({ connections: 4 })
    for (let time = 0; time < 4; time++) {
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, index) => send('GET', `${base}/${index}`)),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200))
    }
  })

  test.each(['POST', 'PATCH'])('%s gets a connection of its own and is sent once', async (method) => {
    const { base, requests } = await closing()
    const send = sender()
    await send('GET', `${base}/first`)
    for (let time = 0; time < 3; time++) {
      const body = { kind: 'text', text: String(time) } as const
      expect((await send(method, `${base}/p`, { body })).status).toBe(200)
    }
    const sent = requests.filter(({ line }) => line.startsWith(method)).map(({ body }) => body.toString())
    expect(sent).toEqual(['0', '1', '2'])
  })

  test('a connection that ends right after the answer is fine', async () => {
    const { base } = await startRawServer((_, socket) => void socket.end(okay('here')))
    const send = sender()
    for (let time = 0; time < 10; time++) expect(textOf(await send('GET', `${base}/a`))).toBe('here')
  })
})

describe('an empty reply', () => {
  test.each(['GET', 'POST'])('to %s is a lost connection', async (method) => {
    const { base, requests } = await startRawServer((_, socket) => void socket.end())
    await expect(sender()(method, `${base}/a`)).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    expect(requests).toHaveLength(1)
  })

  test('to a GET on a used server is asked once more, not for ever', async () => {
    const { base, requests } = await startRawServer(({ line }, socket) =>
      line.includes('/first') ? okay() : void socket.end(),
    )
    const send = sender()
    await send('GET', `${base}/first`)
    await expect(send('GET', `${base}/a`)).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    expect(requests).toHaveLength(3)
  })

  test('to a POST is never asked again', async () => {
    const { base, requests } = await startRawServer(({ line }, socket) =>
      line.startsWith('GET') ? okay() : void socket.end(),
    )
    const send = sender()
    await send('GET', `${base}/first`)
    await expect(send('POST', `${base}/a`)).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    expect(requests).toHaveLength(2)
  })
})

describe('a body that is cut short', () => {
  test.each([
    ['by its length', 'Content-Length: 10\r\n\r\nabc'],
    ['by its length, with Connection: close', 'Connection: close\r\nContent-Length: 10\r\n\r\nabc'],
    ['within a chunk', 'Transfer-Encoding: chunked\r\n\r\n5\r\nab'],
    [
      'within a chunk, with Connection: close',
      'Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab',
    ],
    ['without the last chunk', 'Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n'],
    [
      'without the last chunk, with Connection: close',
      'Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n',
    ],
  ])('%s is a lost connection and asked for once', async (_, rest) => {
    const { base, requests } = await startRawServer(
      (_request, socket) => void socket.end(`HTTP/1.1 200 OK\r\n${rest}`),
    )
    const send = sender()
    await expect(send('GET', `${base}/a`)).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    expect(requests).toHaveLength(1)
  })

  test('within its head is a lost connection', async () => {
    const { base } = await startRawServer((_, socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-'))
    await expect(sender()('GET', `${base}/a`)).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  })
})

describe('an answer is understood', () => {
  test('whose body ends with the connection', async () => {
    const body = 'x'.repeat(300_000)
    const { base } = await startRawServer((_, socket) => void socket.end(`HTTP/1.1 200 OK\r\n\r\n${body}`))
    const send = sender()
    expect(textOf(await send('GET', `${base}/a`))).toBe(body)
    expect((await send('GET', `${base}/a`)).size).toBe(300_000)
  })

  test('of HTTP/1.0', async () => {
    const { base } = await startRawServer((_, socket) => void socket.end('HTTP/1.0 200 OK\r\n\r\nold'))
    expect(textOf(await sender()('GET', `${base}/a`))).toBe('old')
  })

  test('with header names in any case, and their order and spelling kept', async () => {
    const { base } = await startRawServer(() =>
      okay('', 'x-sUbject-tOken: abc', 'X-SUBJECT-TOKEN: def', 'x-Empty:'),
    )
    const { headers } = await sender()('GET', `${base}/a`)
    expect(headers).toEqual([
      ['x-sUbject-tOken', 'abc'],
      ['X-SUBJECT-TOKEN', 'def'],
      ['x-Empty', ''],
      ['Content-Length', '0'],
    ])
    expect(headerOf(headers, 'X-Subject-Token')).toBe('abc')
  })

  test('with header values in UTF-8, and in Latin-1 where they are not', async () => {
    const { base } = await startRawServer(() =>
      Buffer.concat([
        Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Latin: caf'),
        Buffer.from([0xe9]),
        Buffer.from('\r\nX-Utf: café\r\n\r\n'),
      ]),
    )
    const { headers } = await sender()('GET', `${base}/a`)
    expect(headerOf(headers, 'X-Latin')).toBe('café')
    expect(headerOf(headers, 'X-Utf')).toBe('café')
  })

  test.each(['102 Processing', '103 Early Hints'])('after a %s', async (early) => {
    const { base } = await startRawServer(() => `HTTP/1.1 ${early}\r\nLink: </a>\r\n\r\n${okay('real')}`)
    const response = await sender()('GET', `${base}/a`)
    expect(response.status).toBe(200)
    expect(response.headers).toEqual([['Content-Length', '4']])
  })

  test.each([
    ['204 No Content', ''],
    ['204 No Content', 'Content-Length: 0\r\n'],
    ['304 Not Modified', ''],
    ['304 Not Modified', 'Content-Length: 0\r\n'],
    ['304 Not Modified', 'Content-Length: 190046\r\n'],
    ['204 No Content', 'Content-Length: 12\r\n'],
  ])('of %s with the length "%s"', async (status, length) => {
    const { base } = await startRawServer(() => `HTTP/1.1 ${status}\r\n${length}\r\n`)
    const send = sender()
    for (let time = 0; time < 2; time++)
      expect(await send('GET', `${base}/a`)).toMatchObject({ status: Number(status.slice(0, 3)), size: 0 })
  })

  test.each(['200', '200 ', '201 CREATED', '299 Ça va', '499 Has Been Sent', '599 Nobody Knows'])(
    'with the status line "%s"',
    async (status) => {
      const { base } = await startRawServer(() =>
        Buffer.from(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`),
      )
      expect((await sender()('GET', `${base}/a`)).status).toBe(Number(status.slice(0, 3)))
    },
  )

  test('that comes byte by byte', async () => {
    const { base } = await startRawServer((_, socket) => {
      const bytes = Buffer.from(okay('slow', 'X-A: b'))
      const next = (at: number): void => {
        if (at < bytes.length) socket.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1))
      }
      next(0)
      return undefined
    })
    expect(textOf(await sender()('GET', `${base}/a`))).toBe('slow')
  })

  test('whose body is compressed: it is left as it came', async () => {
    const { base } = await startRawServer(() => okay('not gzip at all', 'Content-Encoding: gzip'))
    expect(textOf(await sender()('GET', `${base}/a`))).toBe('not gzip at all')
  })
})

describe('an answer is refused', () => {
  test.each([
    ['SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'],
    ['<html>no head</html>\r\n\r\n'],
    ['HTTP/1.1 abc OK\r\n\r\n'],
    ['\u0015\u0003\u0001\u0000\u0002\u0002F'],
    ['HTTP/1.1 200 OK\r\nno colon here\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot hex\r\n'],
    ['HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n'],
  ])('that is no HTTP: %j', async (bytes) => {
    const { base, requests } = await startRawServer(
      (_, socket) => void socket.end(Buffer.from(bytes, 'latin1')),
    )
    await expect(sender()('GET', `${base}/a`)).rejects.toMatchObject({ code: 'RESPONSE_INVALID' })
    expect(requests).toHaveLength(1)
  })

  test('that has two lengths', async () => {
    const { base } = await startRawServer(
      () => 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    )
    await expect(sender()('GET', `${base}/a`)).rejects.toMatchObject({ code: 'RESPONSE_INVALID' })
  })

  test('whose headers never end', async () => {
    const { base } = await startRawServer((_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const more = (): void => {
        while (!socket.destroyed && socket.write(`X-Filler: ${'x'.repeat(1000)}\r\n`));
        if (!socket.destroyed) socket.once('drain', more)
      }
      more()
      return undefined
    })
    await expect(sender()('GET', `${base}/a`)).rejects.toMatchObject({ code: 'RESPONSE_INVALID' })
  })
})
