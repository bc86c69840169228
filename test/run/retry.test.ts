import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { OsrunError, runRecipe } from '../../src/library/index.ts'
import type { HttpResponse } from '../../src/model/exchange.ts'
import { retryAfter } from '../../src/run/send/retry-after.ts'
import { type Answer, answeringServer } from './answering-server.ts'
import { recipeOf, runToEnd } from './on-sandbox.ts'
import { skippingClock } from './skipping-clock.ts'

async function runRetrying(
  answer: (count: number) => Answer,
  retry: string,
  { method = 'GET', keys = '', deadline }: { method?: string; keys?: string; deadline?: number } = {},
) {
  await using http = await answeringServer(answer)
  const clock = skippingClock()
  const recipe = await recipeOf(
    `osrun: 1\nname: n\nsteps:\n  - request: ${method} ${http.url}/\n    retry: ${retry}\n${keys}`,
  )
  const options = { ...clock, random: () => 0.5, ...(deadline !== undefined && { deadline }) }
  const { events, result } = await runToEnd(recipe, options)
  const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []))
  return { waits: clock.waits, notices, result, methods: http.methods, events }
}

const times = (count: number, answer: Answer) => (number: number) => (number <= count ? answer : {})

describe('a request that met a passing trouble is sent again', () => {
  test.each([429, 502, 503, 504])('after %s', async (status) => {
    const { result, waits, events, notices } = await runRetrying(times(2, { status }), '3')
    expect(result).toMatchObject({ status: 'passed', requests: 3 })
    expect(waits).toEqual([250, 500])
    expect(events.filter(({ type }) => type === 'exchange')).toHaveLength(3)
    expect(notices).toHaveLength(2)
    expect(notices[0]).toContain(String(status))
  })

  test('after a connection that broke', async () => {
    const { result } = await runRetrying(times(1, 'destroy'), '1')
    expect(result).toMatchObject({ status: 'passed' })
  })

  test('so often, and then what it met stands', async () => {
    const { result, waits } = await runRetrying(() => ({ status: 503 }), '2')
    expect(result).toMatchObject({ status: 'failed', exit: 4, requests: 3 })
    expect(result.problem).toMatchObject({ code: 'STATUS_UNEXPECTED' })
    expect(waits).toHaveLength(2)
  })
})

describe('a request is not sent again', () => {
  test.each([400, 401, 404, 409, 500, 501])('after %s', async (status) => {
    expect((await runRetrying(() => ({ status }), '3')).result.requests).toBe(1)
  })
  test.each(['POST', 'PATCH'])('when it is a %s', async (method) => {
    const { result } = await runRetrying(() => ({ status: 503 }), '3', { method })
    expect(result.requests).toBe(1)
  })
  test('when connection is not among the reasons', async () => {
    const { methods } = await runRetrying(() => 'destroy', '{ on: [503] }', { method: 'DELETE' })
    expect(methods).toHaveLength(1)
  })
  test("when the step's time is over", async () => {
    const { result, notices } = await runRetrying(() => 'silence', '3', { keys: '    timeout: 100ms\n' })
    expect(result).toMatchObject({ requests: 1, problem: { code: 'TIMED_OUT' } })
    expect(notices).toEqual([])
  })
  test('when nobody asks for it', async () => {
    await using http = await answeringServer(() => ({ status: 503 }))
    const recipe = await recipeOf(`osrun: 1\nname: n\nsteps:\n  - request: GET ${http.url}/\n`)
    expect((await runToEnd(recipe, skippingClock())).result.requests).toBe(1)
  })
})

test.each(['PUT', 'DELETE', 'HEAD', 'OPTIONS', 'COPY'])('%s may be repeated', async (method) => {
  expect((await runRetrying(times(1, { status: 503 }), '3', { method })).methods).toEqual([method, method])
})

test('a POST is repeated when methods names it', async () => {
  const { methods } = await runRetrying(times(1, { status: 503 }), '{ methods: [POST] }', { method: 'POST' })
  expect(methods).toEqual(['POST', 'POST'])
})

test('on says which statuses are worth it', async () => {
  const { result } = await runRetrying(times(1, { status: 409 }), '{ times: 1, on: [409] }')
  expect(result).toMatchObject({ status: 'passed', requests: 2 })
})

test('the waits double up to the longest, each a random part of that', async () => {
  const keys = '{ times: 6, delay: 1s, max-delay: 5s }'
  const { waits } = await runRetrying(times(6, { status: 503 }), keys)
  expect(waits).toEqual([500, 1000, 2000, 2500, 2500, 2500])
})

describe('Retry-After', () => {
  const unavailable = (value: string, more: Readonly<Record<string, string>> = {}): Answer => ({
    status: 503,
    headers: { 'Retry-After': value, ...more },
  })

  test('in seconds is obeyed, also beyond max-delay', async () => {
    const { waits, notices } = await runRetrying(times(2, unavailable('120')), '{ times: 2, max-delay: 1s }')
    expect(waits).toEqual([120_000, 120_000])
    expect(notices[0]).toContain('120.0 s')
  })

  test("as a date is read by the server's clock", async () => {
    const answer = unavailable('Wed, 21 Oct 2015 07:28:30 GMT', { Date: 'Wed, 21 Oct 2015 07:28:00 GMT' })
    expect((await runRetrying(times(1, answer), '1')).waits).toEqual([30_000])
  })

  test("that is longer than the step's time-out ends it at once", async () => {
    const { waits, notices, result } = await runRetrying(() => unavailable('61'), '5', {
      keys: '    timeout: 60s\n',
    })
    expect(waits).toEqual([])
    expect(result).toMatchObject({ requests: 1, problem: { code: 'STATUS_UNEXPECTED' } })
    expect(notices[0]).toContain('not sent again')
  })

  test("that is longer than the run's deadline ends it at once", async () => {
    const { waits, result } = await runRetrying(() => unavailable('61'), '5', { deadline: 60_000 })
    expect(waits).toEqual([])
    expect(result.requests).toBe(1)
  })

  test.each(['99999999999999999999', '3601'])('of %s seconds is not waited for', async (value) => {
    expect((await runRetrying(() => unavailable(value), '5')).waits).toEqual([])
  })

  const now = Date.UTC(2026, 0, 1)
  const asked = (text: string, headers: readonly (readonly [string, string])[] = []) =>
    retryAfter({ headers: [['retry-after', text], ...headers] } as unknown as HttpResponse, now)
  test.each([
    ['0', 0],
    [' 7 ', 7000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Thursday, 01-Jan-26 00:01:00 GMT', 60_000],
    ['Thu Jan  1 00:01:00 2026', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    ['2026-01-01T00:01:00Z', undefined],
  ])('%j is %j ms', (text, milliseconds) => expect(asked(text)).toBe(milliseconds))
})

test('an interrupt ends the waiting at once', async () => {
  await using http = await answeringServer(() => ({ status: 503, headers: { 'Retry-After': '3000' } }))
  const recipe = await recipeOf(`osrun: 1\nname: n\nsteps:\n  - request: GET ${http.url}/\n    retry: 3\n`)
  const controller = new AbortController()
  const run = runRecipe(recipe, { signal: controller.signal })
  for await (const event of run)
    if (event.type === 'notice') controller.abort(new OsrunError('INTERRUPTED', 'stop'))
  expect(await run.result).toMatchObject({ status: 'interrupted', exit: 130, requests: 1 })
})

test('a request of a poll is sent again within the poll', async () => {
  const answers: readonly Answer[] = [{ json: { a: 1 } }, { status: 503 }, { json: { a: 2 } }]
  const { result, events, waits } = await runRetrying((count) => answers[count - 1] ?? {}, '1', {
    keys: '    until: { json: { $.a: 2 } }\n',
  })
  expect(result).toMatchObject({ status: 'passed', requests: 3 })
  expect(events.filter(({ type }) => type === 'poll')).toHaveLength(2)
  expect(waits).toEqual([2000, 250])
})

test.each([
  ['PUT', 'silent', 'CONNECTION_LOST'],
  ['PUT', '503', 'CONNECTION_LOST'],
  ['GET', 'silent', 'CONNECTION_REFUSED'],
  ['PUT', '429', 'CONNECTION_REFUSED'],
])(
  'a %s that may have been done (%s) and is refused when it is sent again ends as %s',
  async (method, how, code) => {
    const server = createServer((request, response) => {
      server.close()
      if (how === 'silent') request.socket.destroy()
      else response.writeHead(Number(how), { Connection: 'close' }).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const recipe = await recipeOf(
      `osrun: 1\nname: n\nsteps:\n  - request: ${method} http://127.0.0.1:${port}/\n    retry: 1\n`,
    )
    const { result } = await runToEnd(recipe, { ...skippingClock(), random: () => 0.5 })
    expect(result).toMatchObject({ exit: 3, problem: { code } })
  },
)
