import { afterEach, beforeEach, expect, test } from 'vitest'
import { notBegunReasons, type SafeEvent, type SuiteResult } from '../../src/model/event.ts'
import type { Transport } from '../../src/model/exchange.ts'
import type { Recipe } from '../../src/model/recipe.ts'
import { transportFor } from '../../src/run/send/transports.ts'
import { runSuite } from '../../src/run/suite/run-suite.ts'
import type { SuiteOptions } from '../../src/run/suite/suite-options.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { cloudOf, loadRecipe, recipeOf, type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

const reading =
  'osrun: 1\nname: reading\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n  - request: HEAD /photos\n'

async function runAll(
  recipes: readonly Recipe[],
  options: SuiteOptions = {},
): Promise<{ readonly events: readonly SafeEvent[]; readonly result: SuiteResult }> {
  const suite = runSuite(
    recipes.map((recipe) => ({ recipe, inputs: {} })),
    { cloud: await cloudOf(sandbox.environment), ...options },
  )
  const events: SafeEvent[] = []
  for await (const event of suite) events.push(event)
  assertNoSecret(JSON.stringify(events), 'an event of a suite')
  return { events, result: await suite.result }
}

const logins = (): number =>
  sandbox.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/auth/tokens')).length

test.each([1, 8])('20 recipes of one user share one token, %i at a time', async (jobs) => {
  const recipe = await recipeOf(reading)
  const { events, result } = await runAll(
    Array.from({ length: 20 }, () => recipe),
    { jobs },
  )
  expect(result).toMatchObject({
    exit: 0,
    notBegun: [],
    tokens: { made: 1, revoked: 1, kept: 0 },
    leftovers: [],
  })
  expect(result.results).toHaveLength(20)
  expect(logins()).toBe(1)
  expect(sandbox.liveTokens()).toEqual([])
  expect(events.at(-1)).toMatchObject({ type: 'suite:end', run: '' })
})

test('however many runs listen to one signal, Node warns of no leak', async () => {
  const warnings: Error[] = []
  const listen = (warning: Error): void => void warnings.push(warning)
  process.on('warning', listen)
  const recipe = await recipeOf(reading)
  await runAll(
    Array.from({ length: 20 }, () => recipe),
    { jobs: 20, signal: new AbortController().signal },
  )
  process.off('warning', listen)
  expect(warnings).toEqual([])
})

test('a recipe that revokes tokens, or asks for a fresh one, has its own', async () => {
  const revoking = await recipeOf(`${reading}  - revoke:\n`)
  const fresh = await recipeOf('osrun: 1\nname: fresh\nsteps:\n  - authenticate: { fresh: true }\n')
  const { result } = await runAll([
    await recipeOf(reading),
    revoking,
    fresh,
    revoking,
    await recipeOf(reading),
  ])
  expect(result.exit).toBe(0)
  expect(result.tokens).toEqual({ made: 4, revoked: 4, kept: 0 })
  expect(logins()).toBe(4)
  expect(sandbox.liveTokens()).toEqual([])
})

test('another scope is another token', async () => {
  const unscoped = await recipeOf(
    'osrun: 1\nname: unscoped\nsteps:\n  - authenticate: { scope: unscoped }\n  - request: GET ${token.identity_url}/auth/projects\n',
  )
  const { result } = await runAll([await recipeOf(reading), unscoped, unscoped, await recipeOf(reading)])
  expect(result.exit).toBe(0)
  expect(logins()).toBe(2)
  expect(sandbox.liveTokens()).toEqual([])
})

test('a shared token that is refused is renewed once for all', async () => {
  let spoil = 1
  const real = transportFor({})
  const transport: Transport = {
    async send(request, options) {
      const response = await real.send(request, options)
      return request.method === 'HEAD' && spoil-- > 0 ? { ...response, status: 401 } : response
    },
    close: () => real.close(),
  }
  const recipe = await recipeOf(reading)
  const { result } = await runAll([recipe, recipe, recipe], { jobs: 3, transport })
  await real.close()
  expect(result.exit).toBe(0)
  expect(logins()).toBe(2)
  expect(result.tokens).toEqual({ made: 2, revoked: 2, kept: 0 })
  expect(sandbox.liveTokens()).toEqual([])
})

test('every shipped recipe passes in parallel, and the events of each are in order', async () => {
  const names = ['object-metadata', 'object-roundtrip', 'token-revoke', 'token-validate', 'catalog-list']
  const recipes = await Promise.all(names.map((name) => loadRecipe(`recipes/${name}.yaml`)))
  const { events, result } = await runAll([...recipes, ...recipes], { jobs: 10 })
  expect(result.exit).toBe(0)
  expect(sandbox.liveTokens()).toEqual([])
  for (const { runId, steps } of result.results) {
    const own = events.filter(({ run }) => run === runId)
    expect(own[0]?.type).toBe('run:start')
    expect(own.at(-1)?.type).toBe('run:end')
    expect(own.filter(({ type }) => type === 'step:end').length).toBeGreaterThanOrEqual(steps.passed)
  }
})

test('a failure stops none of the others, unless the suite is to fail fast', async () => {
  const failing = await recipeOf(
    'osrun: 1\nname: failing\nsteps:\n  - authenticate:\n  - assert: { status: 418 }\n',
  )
  const recipes = [await recipeOf(reading), failing, await recipeOf(reading), await recipeOf(reading)]
  const all = await runAll(recipes)
  expect(all.result).toMatchObject({ exit: 4, notBegun: [] })
  expect(all.result.results.map(({ exit }) => exit)).toEqual([0, 4, 0, 0])
  const fast = await runAll(recipes, { failFast: true })
  expect(fast.result).toMatchObject({ exit: 4, notBegun: [{}, {}] })
  expect(sandbox.liveTokens()).toEqual([])
})

const revokingOwn = `${reading}  - revoke:\n`

test.each([1, 8])(
  'a wrong password is tried once, %i at a time, also where recipes have tokens of their own',
  async (jobs) => {
    const cloud = await cloudOf({ ...sandbox.environment, OS_PASSWORD: 'wrong-password' })
    const recipes = await Promise.all(
      [reading, revokingOwn, reading, revokingOwn].map((text) => recipeOf(text)),
    )
    const { events, result } = await runAll(recipes, { jobs, cloud })
    expect(result.results.map(({ exit, problem }) => [exit, problem?.code])).toEqual([[5, 'AUTH_FAILED']])
    expect(result.notBegun.map(({ reason }) => reason)).toEqual(Array(3).fill(notBegunReasons.noToken))
    expect(result.exit).toBe(5)
    expect(events.filter(({ type }) => type === 'run:start')).toHaveLength(1)
    expect(logins()).toBe(1)
  },
)

test('what a recipe does before it logs in is done, and told, although the login is not tried again', async () => {
  const cloud = await cloudOf({ ...sandbox.environment, OS_PASSWORD: 'wrong-password' })
  const asking = await recipeOf(
    `osrun: 1\nname: asking\nsteps:\n  - request: GET ${sandbox.url}/info\n  - authenticate:\n`,
  )
  const { result } = await runAll([await recipeOf(reading), asking], { cloud })
  expect(result.results.map(({ recipe, exit, requests }) => [recipe, exit, requests])).toEqual([
    ['reading', 5, 1],
    ['asking', 5, 1],
  ])
  expect(result.results[1]?.problem?.message).toMatch(/was not tried again/)
  expect(logins()).toBe(1)
})

test('other credentials are tried for themselves', async () => {
  const cloud = await cloudOf({ ...sandbox.environment, OS_PASSWORD: 'wrong-password' })
  const other = await recipeOf(
    `osrun: 1
name: other
inputs:
  word: { type: string, default: other-wrong }
steps:
  - authenticate: { method: password, password: "\${word}" }
`,
  )
  const { result } = await runAll([await recipeOf(reading), other], { cloud })
  expect(result.results).toHaveLength(2)
  expect(logins()).toBe(2)
})

test('a region that no endpoint is in is told once', async () => {
  const cloud = await cloudOf({ ...sandbox.environment, OS_REGION_NAME: 'RegionTow' })
  const { result } = await runAll(
    [await recipeOf(reading), await recipeOf(reading), await recipeOf(revokingOwn)],
    { cloud, jobs: 3 },
  )
  expect(result.results.map(({ problem }) => problem)).toMatchObject([
    { code: 'ENDPOINT_NOT_FOUND', hint: expect.stringContaining('Did you mean RegionTwo?') },
  ])
  expect(result.notBegun).toHaveLength(2)
  expect(sandbox.liveTokens()).toEqual([])
})

test('an interrupt ends all runs, begins no others and revokes what they share', async () => {
  const slow = await recipeOf(`${reading}${'  - request: HEAD /photos\n'.repeat(2000)}`)
  const stop = new AbortController()
  const suite = runSuite(
    Array.from({ length: 6 }, () => ({ recipe: slow, inputs: {} })),
    { cloud: await cloudOf(sandbox.environment), jobs: 3, signal: stop.signal },
  )
  let exchanges = 0
  for await (const event of suite) if (event.type === 'exchange' && exchanges++ === 30) stop.abort()
  const result = await suite.result
  expect(result).toMatchObject({ exit: 130, notBegun: [{}, {}, {}] })
  expect(sandbox.liveTokens()).toEqual([])
})

test('a read-only suite sends no write, makes tokens and revokes them', async () => {
  const recipes = [
    await loadRecipe('recipes/object-roundtrip.yaml'),
    await loadRecipe('recipes/object-metadata.yaml'),
  ]
  const { result } = await runAll(recipes, { readOnly: true })
  expect(result.results.map(({ exit }) => exit)).toEqual([1, 0])
  expect(result.results[0]?.problem?.code).toBe('READ_ONLY')
  const writes = sandbox.requests.filter(
    ({ method, path }) => !/^(GET|HEAD)$/.test(method) && !path.endsWith('/auth/tokens'),
  )
  expect(writes).toEqual([])
  expect(sandbox.liveTokens()).toEqual([])
})
