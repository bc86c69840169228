import { describe, expect, test } from 'vitest'
import { cloudOfLessons } from '../../src/cli/open/lesson-cloud.ts'
import { planRecipe } from '../../src/export/plan/plan-recipe.ts'
import type { Recipe } from '../../src/model/recipe.ts'
import { verbs } from '../../src/steps/index.ts'
import type { PageMessage } from '../../src/web/message.ts'
import { type PageServer, startPageServer } from '../../src/web/page-server.ts'
import { cloudOf, recipeOf, startSandbox } from '../run/on-sandbox.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { ask, type Listener, listen, post } from './asking.ts'

const roundtrip = `
osrun: 1
name: Make a container
inputs:
  container: mine
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: PUT \${endpoint}/\${container}
    defer:
      - request: { method: DELETE, url: "\${endpoint}/\${container}", expect: [204, 404] }
  - request: HEAD \${endpoint}/\${container}
`
const secret = `
osrun: 1
name: Sends a secret
inputs:
  key: { type: string, writeOnly: true }
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: { method: POST, url: "\${endpoint}/photos", headers: { X-Container-Meta-Note: "\${key}" } }
`
const tasked = `
osrun: 1
name: Sets a task
steps:
  - authenticate:
practice:
  task: Make a container called theirs.
  question: How many objects are in it?
  check:
    - authenticate:
    - pick-endpoint: object-store
    - request: HEAD \${endpoint}/theirs
    - assert: { headers: { x-container-object-count: "\${answer}" } }
`
const pausing = `
osrun: 1
name: Asks
steps:
  - pause: { question: Have you looked? }
`

type Served = AsyncDisposable & {
  readonly server: PageServer
  /** How many sandboxes are open, and how many tokens are live in all of them. */
  readonly sandboxes: readonly Awaited<ReturnType<typeof startSandbox>>[]
}

async function serve(recipes: readonly Recipe[]): Promise<Served> {
  const sandboxes: Awaited<ReturnType<typeof startSandbox>>[] = []
  const server = await startPageServer({
    folder: 'dist/web',
    recipes,
    clouds: () =>
      cloudOfLessons(async () => {
        const sandbox = await startSandbox({ record: true })
        sandboxes.push(sandbox)
        const cloud = await cloudOf(sandbox.environment)
        return { cloud, environment: sandbox.environment, [Symbol.asyncDispose]: () => sandbox.close() }
      }),
    plan: (recipe, inputs, { cloud }) =>
      planRecipe(recipe, {
        verbs,
        cloud,
        inputs,
        urlNames: [],
        explainCurl: true,
        sharesTokens: false,
        keepTokens: false,
      }),
    run: {},
  })
  return { server, sandboxes, [Symbol.asyncDispose]: async () => void (await server.close()) }
}

const one = '0123456789abcdef'
const other = 'fedcba9876543210'
const atEnd = (message: PageMessage): boolean => message.type === 'state' && message.state.at === 'end'
const waitsAt = (step: string) => (message: PageMessage) =>
  message.type === 'state' && message.state.at === 'step' && message.state.step === step
const isOpened = (message: PageMessage): boolean => message.type === 'opened'
const follow = (server: PageServer, session: string): Promise<Listener<PageMessage>> =>
  listen(`${server.url}events?session=${session}`)
const act = async (server: PageServer, session: string, action: unknown): Promise<number> =>
  (await post(`${server.url}actions?session=${session}`, action)).status
const result = (listener: Listener<PageMessage>) =>
  listener.messages.flatMap((message) =>
    message.type === 'event' && message.event.type === 'run:end' ? [message.event.result] : [],
  )

describe('what is not from the page is refused', async () => {
  const recipe = await recipeOf(roundtrip)

  test.each([
    ['without the token', (url: string) => new URL('/', url).href, {}, 404],
    ['with another token', (url: string) => url.replace(/[\w-]{3}\/$/, 'xxx/'), {}, 404],
    ['with the name of another host', (url: string) => url, { Host: 'evil.example' }, 421],
    ['with another port', (url: string) => url, { Host: '127.0.0.1:1' }, 421],
    ['of another origin', (url: string) => url, { Origin: 'http://evil.example' }, 403],
    ['of a page of no origin', (url: string) => url, { Origin: 'null' }, 403],
    ['that a browser calls cross-site', (url: string) => url, { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['of another port of this machine', (url: string) => url, { 'Sec-Fetch-Site': 'same-site' }, 403],
  ] as const)('a request %s', async (_what, toUrl, headers, status) => {
    await using served = await serve([recipe])
    const { url } = served.server
    expect((await ask(url)).status).toBe(200)
    for (const path of ['', 'page.js', `events?session=${one}`])
      expect((await ask(`${toUrl(url)}${path}`, { headers })).status, path).toBe(status)
    const action = { type: 'open', lesson: 0 }
    expect((await post(`${toUrl(url)}actions?session=${one}`, action, headers)).status).toBe(status)
    expect(served.sandboxes).toHaveLength(0)
  })

  test('an action of a form, which another site can send, or one that is none', async () => {
    await using served = await serve([recipe])
    const { url } = served.server
    await using page = await follow(served.server, one)
    await page.until(isOpened)
    const actions = `${url}actions?session=${one}`
    expect((await post(actions, '{"type":"all"}', { 'Content-Type': 'text/plain' })).status).toBe(400)
    const wrong = ['{', '[]', 'null', '{"type":"quit"}', '{"type":"open","lesson":"0"}']
    const faults = [
      '{"type":"break"}',
      '{"type":"break","fault":"slow","value":5}',
      '{"type":"mend","fault":[]}',
    ]
    for (const body of [...wrong, ...faults]) expect((await post(actions, body)).status, body).toBe(400)
    expect((await post(actions, JSON.stringify({ type: 'all', x: 'x'.repeat(100_000) }))).status).toBe(400)
    expect((await post(`${url}actions?session=${other}`, { type: 'all' })).status).toBe(409)
    expect((await ask(`${url}actions?session=${one}`)).status).toBe(404)
    expect((await ask(`${url}events?session=short`)).status).toBe(404)
    expect((await ask(`${url}../../package.json`)).status).toBe(404)
  })

  test('a link to the page from elsewhere opens it', async () => {
    await using served = await serve([recipe])
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }
    const { status } = await ask(served.server.url, { headers })
    expect(status).toBe(200)
  })

  test('the policy lets nothing run but the own script, nothing be framed, and nothing be kept', async () => {
    await using served = await serve([recipe])
    for (const path of ['', 'page.js', 'page.css', 'nothing']) {
      const { headers } = await ask(`${served.server.url}${path}`)
      expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/)
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      })
    }
  })
})

describe('a page runs its recipe', async () => {
  const recipes = [
    await recipeOf(roundtrip),
    await recipeOf(pausing),
    await recipeOf(secret),
    await recipeOf(tasked),
  ]

  test('step by step, then to the end, and shows no secret', async () => {
    await using served = await serve(recipes)
    await using page = await follow(served.server, one)
    await page.until(isOpened)
    expect(served.sandboxes[0]?.requests).toEqual([])
    await act(served.server, one, { type: 'step' })
    await page.until(waitsAt('pick-endpoint-1'))
    expect(served.sandboxes[0]?.requests).toHaveLength(1)
    await act(served.server, one, { type: 'step' })
    await page.until(waitsAt('request-1'))
    await act(served.server, one, { type: 'all' })
    await page.until(atEnd)
    expect(result(page)).toMatchObject([{ status: 'passed', tokens: { made: 1, revoked: 1 } }])
    const told = page.messages.flatMap((message) =>
      message.type === 'event' && message.event.type === 'exchange' ? [message.event.exchange] : [],
    )
    expect(told.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual(
      served.sandboxes[0]?.requests.map(({ method, path }) => `${method} ${path}`),
    )
    assertNoSecret(JSON.stringify(page.messages), 'the page')
  })

  test('an input that is secret goes to the cloud, and never comes back to the page', async () => {
    await using served = await serve(recipes)
    await using page = await follow(served.server, one)
    await page.until(isOpened)
    await act(served.server, one, { type: 'open', lesson: 2 })
    await act(served.server, one, { type: 'all' })
    await page.until((message) => message.type === 'problem' && message.problem.code === 'INPUT_MISSING')
    await act(served.server, one, { type: 'open', lesson: 2, inputs: { key: 'very-secret-key' } })
    await act(served.server, one, { type: 'all' })
    await page.until(atEnd)
    const sent = served.sandboxes[0]?.requests.flatMap(({ headers }) => headers.map(([, value]) => value))
    expect(sent).toContain('very-secret-key')
    expect(JSON.stringify(page.messages)).toContain('X-Container-Meta-Note')
    expect(JSON.stringify(page.messages)).not.toContain('very-secret-key')
  })

  test('and a page that listens again is told all of it again', async () => {
    await using served = await serve(recipes)
    await using page = await follow(served.server, one)
    await page.until(isOpened)
    await act(served.server, one, { type: 'all' })
    await page.until(atEnd)
    await using again = await follow(served.server, one)
    await again.until(atEnd)
    expect(again.messages).toEqual(page.messages)
  })

  test('reset ends the run, cleans up, and begins anew', async () => {
    await using served = await serve(recipes)
    await using page = await follow(served.server, one)
    await page.until(isOpened)
    for (const step of ['pick-endpoint-1', 'request-1', 'request-2']) {
      await act(served.server, one, { type: 'step' })
      await page.until(waitsAt(step))
    }
    const [sandbox] = served.sandboxes
    expect(sandbox?.liveTokens()).toHaveLength(1)
    await act(served.server, one, { type: 'reset' })
    await page.until((message) => message.type === 'event' && message.event.type === 'run:end')
    expect(sandbox?.requests.map(({ method }) => method)).toContain('DELETE')
    expect(sandbox?.liveTokens()).toEqual([])
    await expect.poll(() => page.messages.filter(isOpened).length).toBe(2)
    await act(served.server, one, { type: 'all' })
    await expect.poll(() => result(page).map(({ status }) => status)).toEqual(['interrupted', 'passed'])
  })

  test('inputs are its own, and wrong ones are told without a run', async () => {
    await using served = await serve(recipes)
    await using page = await follow(served.server, one)
    await page.until(isOpened)
    await act(served.server, one, { type: 'open', lesson: 0, inputs: { container: 'yours' } })
    await expect.poll(() => page.messages.filter(isOpened).length).toBe(2)
    await act(served.server, one, { type: 'all' })
    await page.until(atEnd)
    expect(served.sandboxes[0]?.requests.some(({ path }) => path.endsWith('/yours'))).toBe(true)
    await act(served.server, one, { type: 'open', lesson: 0, inputs: { contaner: 'yours' } })
    const told = await page.until(({ type }) => type === 'problem')
    expect(told).toMatchObject({ problem: { code: 'INPUT_UNKNOWN' } })
    await act(served.server, one, { type: 'open', lesson: 7 })
    await page.until((message) => message.type === 'problem' && message.problem.code === 'USAGE_INVALID')
  })

  test('a question waits for the page', async () => {
    await using served = await serve(recipes)
    await using page = await follow(served.server, one)
    await page.until(isOpened)
    await act(served.server, one, { type: 'open', lesson: 1 })
    await act(served.server, one, { type: 'all' })
    const asked = await page.until((message) => message.type === 'state' && message.state.at === 'question')
    expect(asked).toMatchObject({ state: { text: 'Have you looked?' } })
    await act(served.server, one, { type: 'answer' })
    await page.until(atEnd)
    expect(result(page)).toMatchObject([{ status: 'passed' }])
  })

  test('the task at the end is set before it cleans up, and looked at without giving the answer away', async () => {
    await using served = await serve(recipes)
    await using page = await follow(served.server, one)
    await page.until(isOpened)
    await act(served.server, one, { type: 'open', lesson: 3 })
    await act(served.server, one, { type: 'all' })
    await page.until((message) => message.type === 'state' && message.state.at === 'task')
    expect(served.sandboxes[0]?.liveTokens()).toHaveLength(1)
    await act(served.server, one, { type: 'check', answer: '0' })
    const told = await page.until(({ type }) => type === 'practice')
    expect(told).toEqual({ type: 'practice', isDone: false })
    await act(served.server, one, { type: 'step' })
    await page.until(atEnd)
    expect(served.sandboxes[0]?.liveTokens()).toEqual([])
    expect(result(page)).toMatchObject([{ status: 'passed' }])
  })

  test('two pages have a run and a cloud each', async () => {
    await using served = await serve(recipes)
    await using first = await follow(served.server, one)
    await using second = await follow(served.server, other)
    await Promise.all([first.until(isOpened), second.until(isOpened)])
    await act(served.server, one, { type: 'step' })
    await act(served.server, other, { type: 'all' })
    await Promise.all([first.until(waitsAt('pick-endpoint-1')), second.until(atEnd)])
    expect(result(first)).toEqual([])
    expect(result(second)).toMatchObject([{ status: 'passed' }])
    expect(served.sandboxes.map((sandbox) => sandbox.liveTokens().length).sort()).toEqual([0, 1])
  })

  test('to stop the server cleans up what all pages have begun', async () => {
    await using served = await serve(recipes)
    await using page = await follow(served.server, one)
    await page.until(isOpened)
    for (const step of ['pick-endpoint-1', 'request-1', 'request-2']) {
      await act(served.server, one, { type: 'step' })
      await page.until(waitsAt(step))
    }
    await using asking = await follow(served.server, other)
    await asking.until(isOpened)
    await act(served.server, other, { type: 'open', lesson: 1 })
    await act(served.server, other, { type: 'all' })
    await asking.until((message) => message.type === 'state' && message.state.at === 'question')
    expect(await served.server.close()).toEqual([])
    const [sandbox] = served.sandboxes
    expect(sandbox?.requests.map(({ method }) => method)).toEqual(expect.arrayContaining(['PUT', 'DELETE']))
    expect(sandbox?.liveTokens()).toEqual([])
    await expect(ask(served.server.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
