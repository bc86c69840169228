import { afterEach, beforeEach, expect, test } from 'vitest'
import { opening, play, startStranger } from '../steps/play.ts'
import { type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
let stranger: Awaited<ReturnType<typeof startStranger>>
beforeEach(async () => {
  ;[sandbox, stranger] = await Promise.all([startSandbox({ record: true }), startStranger()])
})
afterEach(() => Promise.all([sandbox.close(), stranger.close()]))

const asked = () => stranger.heard.map(({ url }) => url)
const step = (path: string, defer: string) => `  - { request: "GET ${stranger.url}/${path}", ${defer} }\n`
const undo = (...paths: readonly string[]) =>
  `defer: [${paths.map((path) => `{ request: "GET ${stranger.url}/${path}" }`).join(', ')}]`

test('deferred steps run last registered first, those of one step in their order', async () => {
  const { result } = await play(
    sandbox,
    `${step('a', undo('undo-a1', 'undo-a2'))}${step('b', undo('undo-b'))}${step('c', 'name: c')}`,
  )
  expect(result.status).toBe('passed')
  expect(asked()).toEqual(['/a', '/b', '/c', '/undo-b', '/undo-a1', '/undo-a2'])
})

test('what a deferred step defers runs after those beside it', async () => {
  const { result } = await play(
    sandbox,
    `${step('a', undo('undo-a'))}  - request: GET ${stranger.url}/b
    defer:
      - request: GET ${stranger.url}/undo-b
        defer:
          - request: GET ${stranger.url}/undo-b-1
            defer: [{ request: "GET ${stranger.url}/undo-b-1-1" }]
          - request: GET ${stranger.url}/undo-b-2
`,
  )
  expect(result.status).toBe('passed')
  expect(asked()).toEqual(['/a', '/b', '/undo-b', '/undo-b-1', '/undo-b-2', '/undo-b-1-1', '/undo-a'])
})

test('a step that was refused defers nothing; those before it are undone', async () => {
  const { result } = await play(
    sandbox,
    `${step('a', undo('undo-a'))}${step('status/409', undo('undo-b'))}${step('c', undo('undo-c'))}`,
  )
  expect(result).toMatchObject({ status: 'failed', exit: 4, leftovers: [] })
  expect(asked()).toEqual(['/a', '/status/409', '/undo-a'])
})

test.each([
  ['a success that was not the expected one', 'status/202', 'expect: 201'],
  ['a fault of the server', 'status/500', 'expect: 201'],
  ['a gateway that did not wait', 'status/504', 'expect: 201'],
])('after %s the deferred steps run, with what could be captured', async (_what, path, expected) => {
  const { result } = await play(
    sandbox,
    `  - request: { url: "GET ${stranger.url}/${path}", ${expected} }
    capture: { made: $.url }
    defer: [{ request: "GET ${stranger.url}/undo\${made}" }]
`,
  )
  expect(result).toMatchObject({ status: 'failed', exit: 4, leftovers: [] })
  expect(asked()).toEqual([`/${path}`, `/undo/${path}`])
})

test('after a time-out they run, since the server may have done it', async () => {
  const { result } = await play(sandbox, step('never', `timeout: 50ms, ${undo('undo')}`))
  expect(result).toMatchObject({ status: 'errored', exit: 3, leftovers: [] })
  expect(asked()).toEqual(['/never', '/undo'])
})

test('after a connection that was refused they do not', async () => {
  const { result } = await play(sandbox, `  - { request: "GET http://127.0.0.1:9/", ${undo('undo')} }\n`)
  expect(result.problem?.code).toBe('CONNECTION_REFUSED')
  expect(asked()).toEqual([])
})

test('after an interrupt they run, and the run has its own status', async () => {
  const controller = new AbortController()
  const interrupted = play(sandbox, step('a', undo('undo-a')) + step('never', undo('undo-b')), {
    signal: controller.signal,
  })
  await expect.poll(() => asked()).toContain('/never')
  controller.abort()
  const { result } = await interrupted
  expect(result).toMatchObject({ status: 'interrupted', exit: 130, leftovers: [] })
  expect(asked()).toEqual(['/a', '/never', '/undo-b', '/undo-a'])
})

test('a failed one becomes a leftover and stops none of the others', async () => {
  const { result } = await play(
    sandbox,
    `${opening}${step('a', undo('undo-a'))}${step('b', undo('status/500'))}${step('c', undo('undo-c'))}`,
  )
  expect(result).toMatchObject({
    status: 'failed',
    exit: 6,
    leftovers: [{ code: 'CLEANUP_FAILED', at: { line: 7 } }],
  })
  expect(asked().slice(3)).toEqual(['/undo-c', '/status/500', '/undo-a'])
  expect(sandbox.liveTokens()).toEqual([])
})

test('one that may fail leaves no leftover', async () => {
  const { result } = await play(
    sandbox,
    `  - request: GET ${stranger.url}/a\n    defer: [{ request: "GET ${stranger.url}/status/500", allow-failure: true }]\n`,
  )
  expect(result).toMatchObject({ status: 'passed', exit: 0, leftovers: [] })
})

test('the first failure keeps its status when cleaning up fails too', async () => {
  const { result } = await play(
    sandbox,
    `${step('a', undo('status/500'))}  - request: GET ${stranger.url}/status/404\n`,
  )
  expect(result).toMatchObject({ status: 'failed', exit: 4 })
  expect(result.leftovers).toHaveLength(1)
})

test('cleaning up has a time limit of its own, after which the rest is left', async () => {
  const { result } = await play(sandbox, `${step('a', undo('undo-a'))}${step('b', undo('never'))}`, {
    cleanupTimeout: 100,
  })
  expect(result).toMatchObject({ exit: 6 })
  expect(result.leftovers).toHaveLength(2)
  expect(asked()).toEqual(['/a', '/b', '/never'])
})

test('abortCleanup ends it at once and says what was left', async () => {
  const abort = new AbortController()
  const played = play(sandbox, opening + step('a', undo('undo-a')) + step('b', undo('never')), {
    abortCleanup: abort.signal,
  })
  await expect.poll(() => asked()).toContain('/never')
  abort.abort()
  const { result } = await played
  expect(result.exit).toBe(6)
  expect(result.leftovers).toHaveLength(3)
  expect(sandbox.liveTokens()).toHaveLength(1)
})

test('a new token is made for them after revoke, and revoked too, even where the recipe kept its own', async () => {
  for (const login of ['', '{ keep: true }']) {
    const { result } = await play(
      sandbox,
      `  - authenticate: ${login}
  - pick-endpoint: object-store
  - request: PUT /for-a-while
    defer: [{ request: DELETE /for-a-while }]
  - revoke:
`,
    )
    expect(result).toMatchObject({
      status: 'passed',
      leftovers: [],
      tokens: { made: 2, revoked: 2, kept: 0 },
    })
    expect(sandbox.liveTokens()).toEqual([])
  }
})

test('a deferred step reads what its step captured, and the answer of its own', async () => {
  const { result } = await play(
    sandbox,
    `  - request: GET ${stranger.url}/a
    capture: { made: $.url }
    defer:
      - request: GET ${stranger.url}/undo\${made}
      - assert: { status: 200, json: { $.url: "/undo/a" } }
`,
  )
  expect(result).toMatchObject({ status: 'passed', leftovers: [] })
})
