import { describe, expect, test } from 'vitest'
import { createTransport, OsrunError, runRecipe } from '../../src/library/index.ts'
import type { RunEvent, StepResult } from '../../src/model/event.ts'
import { type Answer, answeringServer } from './answering-server.ts'
import { cloudOf, recipeOf, runToEnd, startSandbox } from './on-sandbox.ts'
import { skippingClock } from './skipping-clock.ts'

type Poll = Extract<RunEvent, { readonly type: 'poll' }>

const server = (...statuses: string[]) =>
  answeringServer((count) => ({
    json: { server: { status: statuses[Math.min(count, statuses.length) - 1] } },
  }))

async function runPolling(url: string, keys: string, more = '') {
  const clock = skippingClock()
  const recipe = await recipeOf(
    `osrun: 1\nname: n\nsteps:\n  - id: wait\n    request: GET ${url}/\n${keys}${more}`,
  )
  const { events, result } = await runToEnd(recipe, clock)
  const polls = events.filter((event): event is typeof event & Poll => event.type === 'poll')
  const end = events.find((event) => event.type === 'step:end')
  return { clock, events, result, polls, step: end?.type === 'step:end' ? end.result : undefined }
}

function problemOf(result: StepResult | undefined) {
  return result !== undefined && 'problem' in result ? result.problem : undefined
}

const active = '    until: { json: { $.server.status: ACTIVE } }\n'

test('the step is repeated until it holds, and what changed is told with its time', async () => {
  await using http = await server('BUILD', 'BUILD', 'BUILD', 'ACTIVE')
  const { clock, polls, result } = await runPolling(
    http.url,
    active,
    '    capture: { status: $.server.status }\n',
  )
  expect(result).toMatchObject({ status: 'passed', requests: 4 })
  expect(clock.waits).toEqual([2000, 2000, 2000])
  expect(polls.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4])
  expect(polls.map(({ changes }) => changes)).toEqual([
    [{ subject: '$.server.status', found: '"BUILD"' }],
    [],
    [],
    [{ subject: '$.server.status', found: '"ACTIVE"' }],
  ])
  expect(polls.map(({ after }) => after)).toEqual([0, 2000, 4000, 6000])
})

test('captures are taken from the last answer', async () => {
  await using http = await server('BUILD', 'ACTIVE')
  const { events } = await runPolling(http.url, active, '    capture: { status: $.server.status }\n')
  const values = events.flatMap((event) => (event.type === 'context' ? [event.value] : []))
  expect(values).toEqual(['ACTIVE'])
})

test('within its time-out it is asked every so often, and then fails with what was last seen', async () => {
  await using http = await server('BUILD')
  const { clock, step, result } = await runPolling(http.url, `${active}    every: 10s\n    timeout: 35s\n`)
  expect(result).toMatchObject({ status: 'failed', exit: 4, requests: 4 })
  expect(clock.waits).toEqual([10_000, 10_000, 10_000])
  expect(problemOf(step)).toMatchObject({ code: 'UNTIL_UNMET', at: { line: 6 } })
  expect(problemOf(step)?.message).toMatch(
    /^\$\.server\.status: expected "ACTIVE", found "BUILD", asked 4 times in 30\.0 s\.$/,
  )
})

test('the time-out of one minute holds where none is given', async () => {
  await using http = await server('BUILD')
  const { result } = await runPolling(http.url, `${active}    every: 20s\n`)
  expect(result.requests).toBe(4)
  expect(result.problem?.code).toBe('UNTIL_UNMET')
})

test('a time-out within a request that came after others says what was last seen', async () => {
  await using http = await answeringServer(() => ({ json: { server: { status: 'BUILD' } } }))
  const real = createTransport({ tls: { insecure: false } })
  let sent = 0
  const transport = {
    // The second request is never answered.
    send: (...[request, options]: Parameters<typeof real.send>) =>
      ++sent === 1
        ? real.send(request, options)
        : new Promise<never>((_resolve, reject) => {
            options.signal.addEventListener('abort', () => reject(options.signal.reason), { once: true })
          }),
    close: () => real.close(),
  }
  const recipe = await recipeOf(
    `osrun: 1\nname: n\nsteps:\n  - request: GET ${http.url}/\n${active}    every: 0ms\n    timeout: 1s\n`,
  )
  const { result } = await runToEnd(recipe, { transport })
  await real.close()
  expect(result.problem?.code).toBe('UNTIL_UNMET')
  expect(result.problem?.message).toContain('asked 1 time in ')
})

test('a first request that is not answered in time is a time-out', async () => {
  const transport = {
    send: (...[, options]: Parameters<ReturnType<typeof createTransport>['send']>) =>
      new Promise<never>((_resolve, reject) => {
        options.signal.addEventListener('abort', () => reject(options.signal.reason), { once: true })
      }),
    close: async () => {},
  }
  const recipe = await recipeOf(
    `osrun: 1\nname: n\nsteps:\n  - request: GET http://127.0.0.1/\n${active}    timeout: 50ms\n`,
  )
  const { result } = await runToEnd(recipe, { transport })
  expect(result).toMatchObject({ status: 'errored', problem: { code: 'TIMED_OUT' } })
})

describe('fail-if', () => {
  const failing = `${active}    fail-if: { json: { $.server.status: [ERROR, DELETED] } }\n`

  test('ends the step at once', async () => {
    await using http = await server('BUILD', 'ERROR', 'ACTIVE')
    const { step, result } = await runPolling(http.url, failing)
    expect(result).toMatchObject({ status: 'failed', exit: 4, requests: 2 })
    expect(problemOf(step)).toMatchObject({ code: 'FAIL_IF_MET', at: { line: 7 } })
    expect(step).toMatchObject({ mismatches: [{ subject: '$.server.status', found: '"ERROR"' }] })
  })

  test('leaves what was made to the deferred steps', async () => {
    await using http = await server('ERROR')
    const defer = `    defer: [{ request: DELETE ${http.url}/ }]\n`
    const { result } = await runPolling(http.url, failing, defer)
    expect(result).toMatchObject({ requests: 2, leftovers: [], problem: { code: 'FAIL_IF_MET' } })
    expect(http.methods).toEqual(['GET', 'DELETE'])
  })

  test('must hold in all its parts', async () => {
    await using http = await server('ERROR', 'ACTIVE')
    const both = `${active}    fail-if: { status: 500, json: { $.server.status: ERROR } }\n`
    expect((await runPolling(http.url, both)).result.status).toBe('passed')
  })
})

describe('a status of 400 or more', () => {
  const appearing = () => answeringServer((count) => ({ status: count < 3 ? 404 : 200 }))

  test('is no error when until speaks of the status', async () => {
    await using http = await appearing()
    const { polls, result } = await runPolling(http.url, '    until: { status: 200 }\n')
    expect(result).toMatchObject({ status: 'passed', requests: 3 })
    expect(polls.map(({ changes }) => changes[0]?.found)).toEqual(['404', undefined, '200'])
  })

  test('may be what is waited for', async () => {
    await using http = await answeringServer((count) => ({ status: count < 3 ? 200 : 404 }))
    const { result } = await runPolling(http.url, '    until: { status: 404 }\n')
    expect(result).toMatchObject({ status: 'passed', requests: 3 })
  })

  test('is one when neither until nor expect speaks of the status', async () => {
    await using http = await appearing()
    const { result } = await runPolling(http.url, active)
    expect(result).toMatchObject({ requests: 1, problem: { code: 'STATUS_UNEXPECTED' } })
  })

  test('is one when expect does not list it', async () => {
    await using http = await answeringServer((count) => ({ status: count === 1 ? 404 : 403 }))
    const recipe = await recipeOf(
      `osrun: 1\nname: n\nsteps:\n  - request: { url: GET ${http.url}/, expect: [200, 404] }\n    until: { status: 200 }\n`,
    )
    const { result } = await runToEnd(recipe, skippingClock())
    expect(result).toMatchObject({ requests: 2, problem: { code: 'STATUS_UNEXPECTED' } })
  })
})

test('an interrupt ends the waiting at once, with its own status', async () => {
  await using http = await server('BUILD')
  const recipe = await recipeOf(
    `osrun: 1\nname: n\nsteps:\n  - request: GET ${http.url}/\n${active}    every: 1h\n    timeout: 2h\n`,
  )
  const controller = new AbortController()
  const run = runRecipe(recipe, { signal: controller.signal })
  for await (const event of run)
    if (event.type === 'poll') controller.abort(new OsrunError('INTERRUPTED', 'stop'))
  expect(await run.result).toMatchObject({ status: 'interrupted', exit: 130, requests: 1 })
})

test('an object that a second client makes is waited for, and then its going', async () => {
  await using sandbox = await startSandbox({ record: true })
  const cloud = await cloudOf(sandbox.environment)
  const steps = (method: string) =>
    `osrun: 1\nname: n\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n  - request: ${method} /photos/late.txt\n`
  const other = async (method: string) => {
    const { result } = await runToEnd(await recipeOf(steps(method)), { cloud })
    expect(result.problem).toBeUndefined()
  }
  for (const [method, status] of [
    ['PUT', 200],
    ['DELETE', 404],
  ] as const) {
    const clock = skippingClock()
    const recipe = await recipeOf(`${steps('HEAD')}    until: { status: ${status} }\n`)
    const wait = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
      await clock.wait(milliseconds, signal)
      if (clock.waits.length === 3) await other(method)
    }
    const { result } = await runToEnd(recipe, { cloud, now: clock.now, wait })
    expect(result.problem).toBeUndefined()
    expect(clock.waits).toHaveLength(3)
  }
  expect(sandbox.liveTokens()).toEqual([])
})

test('a secret in what was observed is hidden before it is cut', async () => {
  const secret = 'S3cret-value-that-must-never-be-shown'
  await using http = await answeringServer((): Answer => ({ json: { text: `${'x'.repeat(90)}${secret}` } }))
  const recipe = await recipeOf(
    `osrun: 1\nname: n\ninputs: { key: { type: string, writeOnly: true } }\nsteps:\n  - request: GET ${http.url}/\n    until: { json: { $.text: '\${key}' } }\n    every: 2m\n`,
  )
  const { events } = await runToEnd(recipe, { ...skippingClock(), inputs: { key: secret } })
  const polls = events.filter(({ type }) => type === 'poll')
  expect(polls.length).toBeGreaterThan(0)
  expect(JSON.stringify(events)).not.toContain(secret.slice(0, 12))
})
