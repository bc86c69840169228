import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { opening, play, startStranger } from '../steps/play.ts'
import { type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
let stranger: Awaited<ReturnType<typeof startStranger>>
beforeEach(async () => {
  ;[sandbox, stranger] = await Promise.all([startSandbox({ record: true }), startStranger()])
})
afterEach(() => Promise.all([sandbox.close(), stranger.close()]))

const listing = `${opening}  - request: GET /pages?format=json&limit=3\n`

describe('id, name and note', () => {
  test('appear in the events; without them they are made of verb and number', async () => {
    const { events } = await play(
      sandbox,
      `  - { authenticate: , id: login, name: Log in, note: "*Why*" }\n${'  - request: { url: "${token.identity_url}", expect: 200 }\n'.repeat(2)}`,
    )
    const starts = events.flatMap((event) => (event.type === 'step:start' ? [event] : []))
    expect(starts.map(({ step, title, note }) => [step, title, note])).toEqual([
      ['login', 'Log in', '*Why*'],
      ['request-1', 'GET ${token.identity_url}', undefined],
      ['request-2', 'GET ${token.identity_url}', undefined],
      ['revoke-token', 'revoke the token', undefined],
    ])
  })

  test('at the end each token is revoked by its name', async () => {
    const { events } = await play(sandbox, '  - authenticate:\n  - authenticate: { as: second }\n')
    const titles = events.flatMap((event) => (event.type === 'step:start' ? [event.title] : []))
    expect(titles.slice(2)).toEqual(['revoke the token "second"', 'revoke the token'])
  })

  test('an answer is read by the id of its step, given or made', async () => {
    const { result } = await play(
      sandbox,
      `${listing}  - { id: one, request: HEAD /photos }
  - request: { url: "GET ${stranger.url}/", query: { a: "\${steps.request-1.response.json[0].name}", b: "\${steps.one.response.status}", c: "\${steps.authenticate-1.response.headers.vary}" } }
  - assert: { context: { "steps.one.response.headers.x-container-object-count": { minimum: 1 } } }
`,
    )
    expect(result.problem).toBeUndefined()
    expect(stranger.heard[0]?.url).toBe('/?a=p00%2Fpage-000.txt&b=204&c=X-Auth-Token')
  })
})

describe('timeout', () => {
  test('ends the step, and with it the run, as not answered', async () => {
    const { result, end } = await play(
      sandbox,
      `  - { id: wait, request: "GET ${stranger.url}/never", timeout: 50ms }\n  - request: GET ${stranger.url}/\n`,
    )
    expect(result).toMatchObject({ status: 'errored', exit: 3, steps: { errored: 1, skipped: 1 } })
    expect(end('wait')).toMatchObject({ status: 'errored', problem: { code: 'TIMED_OUT', at: { line: 4 } } })
    expect(stranger.heard).toHaveLength(1)
  })

  test('does not trouble a step that is fast enough', async () => {
    const { result } = await play(sandbox, '  - { authenticate: , timeout: 1m }\n')
    expect(result.status).toBe('passed')
  })
})

describe('capture', () => {
  test('takes JSONPath, headers, status and body, with or without a pattern', async () => {
    const { result, context } = await play(
      sandbox,
      `${opening}  - request: GET /pages?format=json&limit=3
    capture:
      first: $[0].name
      bytes: $[0].bytes
      all: $[*].bytes
      entry: $[0]
      kind: headers.Content-Type
      code: status
      text: body
      folder: { from: "$[0].name", pattern: "^(p[0-9]+)/" }
      charset: { from: headers.content-type, pattern: "utf-." }
      digit: { from: status, pattern: "^(.)" }
      number: { from: body, pattern: 'page-(\\d+)' }
  - assert:
      context: { first: p00/page-000.txt, bytes: { const: 7 }, all: { const: [7, 7, 7] }, entry.name: p00/page-000.txt, code: 200 }
`,
    )
    expect(result.problem).toBeUndefined()
    expect(context).toMatchObject({
      first: 'p00/page-000.txt',
      all: [7, 7, 7],
      kind: 'application/json; charset=utf-8',
      folder: 'p00',
      charset: 'utf-8',
      digit: '2',
      number: '000',
    })
  })

  test('a null is something, nothing is not', async () => {
    const { result } = await play(
      sandbox,
      `  - { request: { url: "POST ${stranger.url}/", json: { a: null } }, capture: { body: $.body } }\n`,
    )
    expect(result.problem).toBeUndefined()
    const none = await play(
      sandbox,
      `${listing}    capture:\n      a: $[9].name\n      b: headers.x-none\n      c: { from: body, pattern: "zzz" }\n      d: $[?@.none]\n      ok: status\n`,
    )
    expect(none.result).toMatchObject({ exit: 4, problem: { code: 'CAPTURE_FAILED', at: { line: 8 } } })
    const ended = none.end('request-1')
    expect(
      ended?.status === 'failed' && ended.mismatches.map(({ subject, at }) => [subject, at.line]),
    ).toEqual([
      ['capture a', 8],
      ['capture b', 9],
      ['capture c', 10],
      ['capture d', 11],
    ])
    expect(none.context.ok).toBe('200')
  })

  test('a body that is no JSON has nothing at a JSONPath', async () => {
    const { result } = await play(
      sandbox,
      `${opening}  - { request: GET /pages/p00/page-000.txt, capture: { a: $.a } }\n`,
    )
    expect(result.problem?.code).toBe('CAPTURE_FAILED')
  })
})

describe('allow-failure', () => {
  test('goes on after a step that failed or could not ask, and says so', async () => {
    const { result, events } = await play(
      sandbox,
      `  - { request: "GET ${stranger.url}/status/500", allow-failure: true }
  - { request: "GET http://127.0.0.1:9/", allow-failure: true }
  - { request: "GET ${stranger.url}/", allow-failure: true }
`,
    )
    expect(result).toMatchObject({ status: 'passed', exit: 0, steps: { passed: 1, failed: 1, errored: 1 } })
    expect(events.flatMap((event) => (event.type === 'step:end' ? [event.allowedFailure] : []))).toEqual([
      true,
      true,
      false,
    ])
  })

  test('what such a step would have set has no value afterwards', async () => {
    const { result } = await play(
      sandbox,
      `  - { request: "GET ${stranger.url}/status/500", capture: { word: $.method }, allow-failure: true }
  - request: GET ${stranger.url}/\${word:-none}
  - request: GET ${stranger.url}/\${word}
`,
    )
    expect(stranger.heard.map(({ url }) => url)).toEqual(['/status/500', '/none'])
    expect(result).toMatchObject({ exit: 3, problem: { code: 'VALUE_MISSING' } })
  })

  test('does not hide an interrupt', async () => {
    const controller = new AbortController()
    controller.abort()
    const { result } = await play(sandbox, '  - { authenticate: , allow-failure: true }\n', {
      signal: controller.signal,
    })
    expect(result).toMatchObject({ status: 'interrupted', exit: 130 })
  })
})
