import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { watchPace } from '../../src/http/pace.ts'
import type { OsrunError } from '../../src/model/problem.ts'
import { sender, startRawServer, textOf } from './raw-server.ts'

const second = 1000
const request = { method: 'GET', url: 'http://h.test/a' }

describe('the pace of an exchange', () => {
  let stops: { readonly after: number; readonly message: string; readonly code: string }[]
  let began: number
  const stop = (problem: OsrunError): void => {
    stops.push({ after: (Date.now() - began) / second, message: problem.message, code: problem.code })
  }
  beforeEach(() => {
    vi.useFakeTimers()
    stops = []
    began = Date.now()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('ends without a head after a minute', () => {
    watchPace(request, stop)
    vi.advanceTimersByTime(10 * 60 * second)
    expect(stops).toEqual([
      { after: 60, code: 'TIMED_OUT', message: 'http://h.test did not answer GET within 60 s.' },
    ])
  })

  test('lets a body of ten bytes a second go on, as it comes or goes out', () => {
    const pace = watchPace(request, stop)
    for (let time = 0; time < 600; time++) {
      pace.sent(10)
      vi.advanceTimersByTime(second)
    }
    pace.head()
    for (let time = 0; time < 600; time++) {
      pace.received(10)
      vi.advanceTimersByTime(second)
    }
    expect(stops).toEqual([])
    pace.end()
  })

  test.each([
    ['nothing', 0],
    ['nine bytes a second', 9],
  ])('ends with %s for a minute, counted from the head', (_, bytes) => {
    const pace = watchPace(request, stop)
    vi.advanceTimersByTime(58 * second)
    pace.head()
    for (let time = 0; time < 200; time++) {
      vi.advanceTimersByTime(second)
      pace.received(bytes)
    }
    expect(stops).toMatchObject([{ after: 118, message: expect.stringContaining('10 bytes a second') }])
  })

  test('ends a minute after a transfer has come to a standstill', () => {
    const pace = watchPace(request, stop)
    pace.head()
    vi.advanceTimersByTime(299 * second)
    pace.end()
    expect(stops).toMatchObject([{ after: 60 }])
    stops = []
    began = Date.now()
    const other = watchPace(request, stop)
    other.head()
    for (let time = 0; time < 42; time++) {
      other.received(1000)
      vi.advanceTimersByTime(10 * second)
    }
    vi.advanceTimersByTime(100 * second)
    expect(stops).toHaveLength(1)
    expect(stops[0]?.after).toBeGreaterThanOrEqual(470)
    expect(stops[0]?.after).toBeLessThanOrEqual(480)
  })

  test('is not watched over after its end', () => {
    watchPace(request, stop).end()
    vi.advanceTimersByTime(600 * second)
    expect(stops).toEqual([])
  })
})

describe('a transport without a time-out', () => {
  const dripping = (piece: string, times: number, start: string, end = '') =>
    startRawServer((_, socket) => {
      socket.write(start)
      let left = times
      const timer = setInterval(() => {
        socket.write(piece)
        if (--left > 0) return
        clearInterval(timer)
        socket.end(end)
      }, 20)
      socket.on('close', () => clearInterval(timer))
      return undefined
    })

  test('takes a body that goes on for longer than it may stand still', async () => {
    const { base } = await dripping('x'.repeat(10), 100, 'HTTP/1.1 200 OK\r\n\r\n')
    const response = await sender({ stillness: 1000 })('GET', `${base}/a`)
    expect(textOf(response)).toHaveLength(1000)
  })

  test.each([
    ['before the head', '', 'did not answer GET within 0.24 s'],
    ['after the head', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 'stood still'],
    ['within the body', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc', 'stood still'],
  ])('ends where the server stops %s', async (_, bytes, words) => {
    const { base } = await startRawServer(() => bytes)
    await expect(sender({ stillness: 240 })('GET', `${base}/a`)).rejects.toMatchObject({
      code: 'TIMED_OUT',
      message: expect.stringContaining(words),
    })
  })

  test.each([
    ['heads', 'HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n', ''],
    ['lines of a head', 'X-A: b\r\n', 'HTTP/1.1 200 OK\r\n'],
    ['trailers', 'X: y\r\n', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n'],
  ])('ends where %s go on coming', async (_, piece, start) => {
    const { base } = await dripping(piece, 1500, start)
    await expect(sender({ stillness: 240 })('GET', `${base}/a`)).rejects.toMatchObject({ code: 'TIMED_OUT' })
  })
})
