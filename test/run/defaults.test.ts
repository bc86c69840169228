import { afterEach, beforeEach, expect, test } from 'vitest'
import { headerOf } from '../../src/model/exchange.ts'
import { play } from '../steps/play.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

const opening = '  - authenticate:\n  - pick-endpoint: object-store\n'

test('headers are those of every request that has none of the same name', async () => {
  const head =
    'inputs: { who: me }\ndefaults: { headers: { X-Who: "${who}", Accept: text/plain, X-Version: 2.90 } }\n'
  const steps = `${opening}  - request: GET /photos\n  - request: { url: HEAD /photos, headers: { accept: "*/*" } }\n    defer: [{ request: HEAD /photos }]\n`
  const { result } = await play(sandbox, steps, { head })
  expect(result.problem).toBeUndefined()
  const sent = sandbox.requests
    .filter(({ path }) => path.endsWith('/photos'))
    .map(({ headers }) => ['X-Who', 'Accept', 'X-Version'].map((name) => headerOf(headers, name)))
  expect(sent).toEqual([
    ['me', 'text/plain', '2.90'],
    ['me', '*/*', '2.90'],
    ['me', 'text/plain', '2.90'],
  ])
})

test('the region of a step comes before that of a flag, then defaults, then the cloud', async () => {
  const cloud = await cloudOf({ ...sandbox.environment, OS_REGION_NAME: 'of-the-environment' })
  const flagged = {
    ...cloud,
    region: 'of-the-flag',
    valueSources: [{ option: 'region_name', value: 'of-the-flag', secret: false, from: '--region' }],
  }
  const wanted = async (steps: string, who: typeof cloud, head: string) => {
    const recipe = await recipeOf(`osrun: 1\n${head}steps:\n  - authenticate:\n${steps}`)
    const { result } = await runToEnd(recipe, { cloud: who })
    return /of-the-[a-z]+/.exec(result.problem?.message ?? '')?.[0]
  }
  const defaults = 'defaults: { region: of-the-defaults }\n'
  const step = '  - pick-endpoint: { service: object-store, region: of-the-step }\n'
  const bare = '  - pick-endpoint: object-store\n'
  expect(await wanted(step, flagged, defaults)).toBe('of-the-step')
  expect(await wanted(bare, flagged, defaults)).toBe('of-the-flag')
  expect(await wanted(bare, cloud, defaults)).toBe('of-the-defaults')
  expect(await wanted(bare, cloud, '')).toBe('of-the-environment')
})

test('the interface of defaults may be a list, and a template', async () => {
  const head = 'inputs: { face: admin }\ndefaults: { interface: ["${face}", public] }\n'
  const { events } = await play(
    sandbox,
    `${opening}  - assert: { context: { endpoint.interface: admin } }\n`,
    {
      head,
    },
  )
  expect(events.at(-1)).toMatchObject({ result: { exit: 0 } })
})

test('a value of defaults that cannot be used is told with its place there', async () => {
  const head = 'defaults:\n  interface: ${env.NOTHING}\n'
  const { result } = await play(sandbox, opening, { head })
  expect(result.problem).toMatchObject({ code: 'VALUE_MISSING', at: { line: 4, column: 14 } })
})

test('timeout and retry are those of every step that says none', async () => {
  const recipe = await recipeOf(
    'osrun: 1\ndefaults: { timeout: 5s, retry: 2 }\nsteps:\n  - authenticate:\n  - authenticate:\n    timeout: 1s\n    retry: { times: 4 }\n',
  )
  expect(recipe.steps.map(({ timeout, retry }) => [timeout, retry?.times])).toEqual([
    [5000, 2],
    [1000, 4],
  ])
})
