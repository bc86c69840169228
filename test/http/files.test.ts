import { createHash, randomBytes } from 'node:crypto'
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { OsrunError } from '../../src/model/problem.ts'
import { okay, sender, startRawServer, textOf } from './raw-server.ts'

let folder: string
beforeEach(() => {
  const made = mkdtempSync(join(tmpdir(), 'osrun-files-'))
  folder = made
  onTestFinished(() => rmSync(made, { recursive: true }))
})

const factsOf = (bytes: Uint8Array) => ({
  size: bytes.length,
  md5: createHash('md5').update(bytes).digest('hex'),
  sha256: createHash('sha256').update(bytes).digest('hex'),
})

function fileOf(bytes: Uint8Array): { readonly kind: 'file'; readonly path: string } {
  const path = join(folder, 'sent.bin')
  writeFileSync(path, bytes)
  return { kind: 'file', path }
}

describe('a file that is sent', () => {
  test.each([0, 1, 65_536, 1_000_003])(
    'of %d bytes arrives whole, with its length and hashes',
    async (size) => {
      const bytes = randomBytes(size)
      const { base, requests } = await startRawServer(() => okay())
      const { sent } = await sender()('PUT', `${base}/a`, { body: fileOf(bytes) })
      expect(sent).toEqual(factsOf(bytes))
      expect(requests[0]?.body.equals(bytes)).toBe(true)
      expect(
        requests[0]?.headers.filter((line) => /^(content-length|transfer-encoding)/i.test(line)),
      ).toEqual([`content-length: ${size}`])
    },
  )

  test('is sent whole again on another connection when the first was dead', async () => {
    const bytes = randomBytes(100_000)
    const { base, requests } = await startRawServer(({ before }, socket) =>
      before > 0 ? void socket.destroy() : okay(),
    )
    const send = sender()
    for (let time = 0; time < 4; time++) {
      const { sent } = await send('PUT', `${base}/a`, { body: fileOf(bytes) })
      expect(sent).toEqual(factsOf(bytes))
    }
    expect(requests.every(({ body }) => body.equals(bytes))).toBe(true)
  })

  test.each([
    ['nothing-here', 'there is no such file or folder'],
    ['.', 'it is no file'],
    ['sent.bin/below', 'a part of its path is no folder'],
  ])('and is not there is told before anything is sent: %s, %s', async (name, why) => {
    fileOf(Buffer.from('x'))
    const { base, requests } = await startRawServer(() => okay())
    const path = join(folder, name)
    await expect(sender()('PUT', `${base}/a`, { body: { kind: 'file', path } })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: `The file "${path}" cannot be read: ${why}.`,
    })
    expect(requests).toHaveLength(0)
  })

  // Linux lets one open this file and fails each read of it.
  test.runIf(process.platform === 'linux')('and cannot be read is no matter of the connection', async () => {
    const { base } = await startRawServer(() => okay())
    await expect(
      sender()('PUT', `${base}/a`, { body: { kind: 'file', path: '/proc/self/mem' } }),
    ).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })

  test.each([
    ['shrinks', (path: string) => truncateSync(path, 1000)],
    ['grows', (path: string) => appendFileSync(path, randomBytes(5_000_000))],
  ])('and %s meanwhile is not taken for sent', async (_, change) => {
    const { createServer } = await import('node:net')
    const { listen } = await import('./raw-server.ts')
    const body = fileOf(randomBytes(8_000_000))
    const port = await listen(
      createServer((socket) => {
        socket.once('data', () => {
          change(body.path)
          socket.resume()
        })
      }),
    )
    await expect(sender()('PUT', `http://127.0.0.1:${port}/a`, { body })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining('changed'),
    })
  })

  test('and answered before it has been read is answered, without facts of what was sent', async () => {
    const { createServer } = await import('node:net')
    const { listen } = await import('./raw-server.ts')
    const port = await listen(
      createServer((socket) => {
        socket.once('data', () => socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'))
        socket.resume()
      }),
    )
    const body = fileOf(randomBytes(30_000_000))
    const send = sender()
    for (let time = 0; time < 3; time++) {
      const response = await send('PUT', `http://127.0.0.1:${port}/a`, { body })
      expect(response.status).toBe(401)
      expect(response.sent?.size).not.toBe(0)
      if (response.sent !== undefined) expect(response.sent.size).toBe(30_000_000)
    }
  })

  test('can be given up in the middle', async () => {
    const { createServer } = await import('node:net')
    const { listen } = await import('./raw-server.ts')
    const controller = new AbortController()
    const port = await listen(
      createServer((socket) => {
        socket.once('data', () => controller.abort(new OsrunError('INTERRUPTED', 'stop')))
      }),
    )
    const body = fileOf(randomBytes(8_000_000))
    await expect(
      sender()('PUT', `http://127.0.0.1:${port}/a`, { body }, { signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})

describe('a body that is saved', () => {
  const target = (): string => join(folder, 'saved.bin')
  const here = (): readonly string[] => readdirSync(folder).sort()

  test.each([0, 1, 3_000_000])(
    'of %d bytes is written whole, hashed, and not kept in memory',
    async (size) => {
      const bytes = randomBytes(size)
      const { base } = await startRawServer(() =>
        Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`), bytes]),
      )
      const response = await sender()('GET', `${base}/a`, { saveTo: target() })
      expect(response).toMatchObject(factsOf(bytes))
      expect(response.body).toBeUndefined()
      expect(readFileSync(target()).equals(bytes)).toBe(true)
      expect(here()).toEqual(['saved.bin'])
    },
  )

  test('that ends with the connection is written whole', async () => {
    const bytes = randomBytes(12_000_000)
    const { base } = await startRawServer((_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket.end(bytes)
      return undefined
    })
    expect(await sender()('GET', `${base}/a`, { saveTo: target() })).toMatchObject(factsOf(bytes))
    expect(readFileSync(target()).equals(bytes)).toBe(true)
  })

  test('replaces what was there', async () => {
    writeFileSync(target(), 'what was there')
    const { base } = await startRawServer(() => okay('new'))
    await sender()('GET', `${base}/a`, { saveTo: target() })
    expect(readFileSync(target(), 'utf8')).toBe('new')
  })

  test.each([
    ['cut short', (socket: { end(): void }) => socket.end(), 'CONNECTION_LOST', {}],
    ['too slow', () => {}, 'TIMED_OUT', { timeout: 60 }],
  ])('and is %s leaves what was there and no draft', async (_, then, code, how) => {
    writeFileSync(target(), 'what was there')
    const { base } = await startRawServer((_request, socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n${'x'.repeat(5000)}`, () => then(socket))
      return undefined
    })
    await expect(sender()('GET', `${base}/a`, { saveTo: target() }, how)).rejects.toMatchObject({ code })
    expect(readFileSync(target(), 'utf8')).toBe('what was there')
    expect(here()).toEqual(['saved.bin'])
  })

  test.each(['at once', 'after the head', 'in the body'])(
    'and is given up %s leaves nothing',
    async (when) => {
      const controller = new AbortController()
      const stop = (): void => controller.abort(new OsrunError('INTERRUPTED', 'stop'))
      const { base } = await startRawServer((_, socket) => {
        if (when === 'after the head') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', stop)
        if (when === 'in the body') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', stop)
        return undefined
      })
      const asked = sender()('GET', `${base}/a`, { saveTo: target() }, { signal: controller.signal })
      if (when === 'at once') setImmediate(stop)
      await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' })
      expect(here()).toEqual([])
    },
  )

  test('from where nothing listens leaves nothing', async () => {
    await expect(sender()('GET', 'http://127.0.0.1:1/a', { saveTo: target() })).rejects.toMatchObject({
      code: 'CONNECTION_REFUSED',
    })
    expect(here()).toEqual([])
  })

  test.each(['no-such-folder/a', 'a-file/below', 'a-folder'])(
    'and cannot be written is told: %s',
    async (name) => {
      writeFileSync(join(folder, 'a-file'), 'x')
      const { mkdirSync } = await import('node:fs')
      mkdirSync(join(folder, 'a-folder'))
      const { base } = await startRawServer(() => okay('x'.repeat(200_000)))
      const path = join(folder, name)
      await expect(sender()('GET', `${base}/a`, { saveTo: path })).rejects.toMatchObject({
        code: 'FILE_UNWRITABLE',
        message: expect.stringContaining(path),
      })
      expect(here()).toEqual(['a-file', 'a-folder'])
    },
  )

  test.each(['404 Not Found', '401 Unauthorized', '302 Found', '503 Service Unavailable'])(
    'with %s stays in memory, and what was there stays',
    async (status) => {
      writeFileSync(target(), 'what was there')
      const { base } = await startRawServer(() => `HTTP/1.1 ${status}\r\nContent-Length: 6\r\n\r\nsorry!`)
      const response = await sender()('GET', `${base}/a`, { saveTo: target() })
      expect(textOf(response)).toBe('sorry!')
      expect(readFileSync(target(), 'utf8')).toBe('what was there')
      expect(here()).toEqual(['saved.bin'])
    },
  )
})

describe('a body that is not saved', () => {
  test.each([
    [10, true],
    [11, false],
    [100_000, false],
  ])('of %d bytes where 10 are kept has its size and hashes (kept: %s)', async (size, kept) => {
    const body = 'x'.repeat(size)
    const { base } = await startRawServer(() => okay(body))
    const response = await sender({ keepBytes: 10 })('GET', `${base}/a`)
    const { size: length, md5, sha256 } = response
    expect({ size: length, md5, sha256 }).toEqual(factsOf(Buffer.from(body)))
    expect(response.body === undefined).toBe(!kept)
  })
})
