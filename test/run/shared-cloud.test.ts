import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SafeEvent, SuiteResult } from '../../src/model/event.ts'
import type { Transport } from '../../src/model/exchange.ts'
import type { Recipe } from '../../src/model/recipe.ts'
import { createPaint } from '../../src/report/text/paint.ts'
import { suiteText } from '../../src/report/text/summary-text.ts'
import { transportFor } from '../../src/run/send/transports.ts'
import { runSuite } from '../../src/run/suite/run-suite.ts'
import type { SuiteOptions } from '../../src/run/suite/suite-options.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { opening, startStranger } from '../steps/play.ts'
import { cloudOf, loadRecipe, recipeOf, type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
let stranger: Awaited<ReturnType<typeof startStranger>>
beforeEach(async () => {
  ;[sandbox, stranger] = await Promise.all([startSandbox({ record: true }), startStranger()])
})
afterEach(() => Promise.all([sandbox.close(), stranger.close()]))

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

// A ledger may go, with the last thing that it held, after its name was read.
function readOr(otherwise: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise
    throw error
  }
}
const loaded = (names: readonly string[]): Promise<readonly Recipe[]> =>
  Promise.all(names.map((name) => loadRecipe(`recipes/${name}`)))
const creating = (name: string, more: string): Promise<Recipe> =>
  recipeOf(
    `osrun: 1\nname: ${name}\nsteps:\n${opening}  - request: PUT /${name}\n    defer: [{ request: DELETE /${name} }]\n${more}`,
  )
const waiting = (): string => `  - request: GET ${stranger.url}/never\n`
const deleted = (): readonly string[] =>
  sandbox.requests
    .filter(({ method, path }) => method === 'DELETE' && !path.endsWith('/auth/tokens'))
    .map(({ path }) => path.replace(/.*\//, ''))

test('whatever a shipped recipe creates has its run’s id in its name, so that two runs never meet', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-shared-'))
  const real = transportFor({})
  const lines = new Set<string>()
  const transport: Transport = {
    async send(request, options) {
      for (const name of readdirSync(folder))
        for (const line of readOr('', join(folder, name)).split('\n'))
          if (line.includes('"kind":"create"')) lines.add(`${name} ${line}`)
      return real.send(request, options)
    },
    close: () => real.close(),
  }
  const recipes = await loaded(shippedRecipes)
  const { result } = await runAll([...recipes, ...recipes], {
    jobs: 8,
    transport,
    ledger: { folder, pid: process.pid },
  })
  await real.close()
  expect(result.results.filter(({ exit }) => exit !== 0)).toEqual([])
  expect(result).toMatchObject({ exit: 0, leftovers: [] })
  expect(lines.size).toBeGreaterThanOrEqual(10)
  for (const line of lines) {
    const [run = '', record = ''] = line.split('.ndjson ')
    const { url, name } = JSON.parse(record) as { readonly url: string; readonly name?: string }
    expect(`${url} ${name}`).toContain(run)
  }
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})

test('the deadline is for all recipes together: who runs cleans up, and nobody begins after it', async () => {
  const recipes = await Promise.all(['one', 'two', 'three'].map((name) => creating(name, waiting())))
  const { result } = await runAll(recipes, { jobs: 2, deadline: 2500 })
  expect(result).toMatchObject({ exit: 3, notBegun: [{}], leftovers: [] })
  expect(result.results.map(({ problem }) => problem?.code)).toEqual(['DEADLINE_PASSED', 'DEADLINE_PASSED'])
  expect([...deleted()].sort()).toEqual(['one', 'two'])
  expect(sandbox.liveTokens()).toEqual([])
})

test('a deadline that passes between two recipes is told, and the suite has not passed', async () => {
  let clock = 0
  const recipe = await recipeOf(`osrun: 1\nname: n\nsteps:\n  - request: GET ${stranger.url}/a\n`)
  const suite = runSuite(
    [1, 2, 3].map(() => ({ recipe, inputs: {} })),
    { deadline: 100_000, now: () => clock },
  )
  for await (const event of suite) if (event.type === 'run:end') clock = 200_000
  const result = await suite.result
  expect(result).toMatchObject({ exit: 3, notBegun: [{}, {}], problem: { code: 'DEADLINE_PASSED' } })
  expect(result.results.map(({ exit }) => exit)).toEqual([0])
  expect(suiteText(result, createPaint(false), 80)).toContain('DEADLINE_PASSED')
})

test('an interrupt before the first recipe is no success', async () => {
  const recipe = await recipeOf(`osrun: 1\nname: n\nsteps:\n  - request: GET ${stranger.url}/a\n`)
  const suite = runSuite([{ recipe, inputs: {} }], { signal: AbortSignal.abort() })
  expect(await suite.result).toMatchObject({ exit: 130, notBegun: [{}], problem: { code: 'INTERRUPTED' } })
  expect(stranger.heard).toEqual([])
})

test('a recipe that fails stops nobody else’s cleaning up, with --fail-fast neither', async () => {
  const failing = await recipeOf(
    `osrun: 1\nname: failing\nsteps:\n  - request: GET ${stranger.url}/status/500\n`,
  )
  const slow = await creating('slow', `${'  - request: HEAD /slow\n'.repeat(50)}`)
  const { result } = await runAll([slow, failing, slow], { jobs: 2, failFast: true })
  expect(result).toMatchObject({ exit: 4, notBegun: [{}], leftovers: [] })
  expect(result.results.map(({ exit }) => exit)).toEqual([0, 4])
  expect(deleted()).toEqual(['slow'])
  expect(sandbox.liveTokens()).toEqual([])
})

test('a recipe whose cleaning up fails stops nobody else’s', async () => {
  const stuck = await creating('stuck', '  - request: { url: PUT /stuck/inside, body: text }\n')
  const { result } = await runAll([stuck, await creating('fine', ''), stuck], { jobs: 3 })
  expect(result.results.map(({ exit }) => exit)).toEqual([6, 0, 6])
  expect(deleted()).toContain('fine')
  expect(sandbox.liveTokens()).toEqual([])
})

test('a recipe that cannot even begin is told when the others have cleaned up', async () => {
  const broken = await recipeOf(
    'osrun: 1\nname: n\ninputs: { must: { type: string } }\nsteps:\n  - authenticate:\n',
  )
  const slow = await creating('slow', `${'  - request: HEAD /slow\n'.repeat(20)}`)
  await expect(runAll([slow, broken, slow], { jobs: 2 })).rejects.toMatchObject({ code: 'INPUT_MISSING' })
  expect(deleted()).toEqual(['slow', 'slow'])
  expect(sandbox.liveTokens()).toEqual([])
})

const passwords = (): number =>
  sandbox.requests.filter(
    ({ method, path, body }) =>
      method === 'POST' && /\/auth\/tokens(\?.*)?$/.test(path) && body.toString().includes('"password":{'),
  ).length

test('25 recipes authenticate three times with the password: for the project, unscoped, and without the catalog', async () => {
  const recipes = await Promise.all(
    Array.from({ length: 25 }, (_value, index) =>
      index % 5 === 3
        ? recipeOf('osrun: 1\nname: n\nsteps:\n  - authenticate: { scope: unscoped }\n')
        : index % 5 === 4
          ? recipeOf('osrun: 1\nname: n\nsteps:\n  - authenticate: { nocatalog: true }\n')
          : creating(`c${index}`, ''),
    ),
  )
  const { result } = await runAll(recipes, { jobs: 8 })
  expect(result).toMatchObject({ exit: 0, tokens: { made: 3, revoked: 3, kept: 0 } })
  expect(passwords()).toBe(3)
  expect(suiteText(result, createPaint(false), 80)).toMatch(/^25 recipes, .*; 3 tokens made, 3 revoked; /)
})

test('the summary counts every token that Keystone gave to the shipped recipes, run 25 in all', async () => {
  // Some smoke recipes and lessons ask for tokens that they are refused; test/cli/smoke.test.ts counts those.
  const recipes = await loaded(shippedRecipes.filter((name) => !/^(smoke|course)\//.test(name)))
  const { result } = await runAll([...recipes, ...recipes, ...recipes].slice(0, 25), { jobs: 4 })
  expect(result.exit).toBe(0)
  const posted = sandbox.requests.filter(
    ({ method, path }) => method === 'POST' && /\/auth\/tokens(\?.*)?$/.test(path),
  )
  expect(result.tokens).toEqual({ made: posted.length, revoked: posted.length, kept: 0 })
  // object-metadata and token-revoke revoke what they made, one token and two, so these cannot be shared.
  const onPurpose = 2 * (1 + 2)
  expect(passwords() - onPurpose).toBeLessThanOrEqual(3)
  expect(sandbox.liveTokens()).toEqual([])
})
