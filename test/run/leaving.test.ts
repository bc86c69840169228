import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OsrunError } from '../../src/library/index.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

const steps = `
steps:
  - authenticate:
  - pick-endpoint: object-store
  - id: create
    request: PUT \${endpoint}/leaving-\${run.id}
    defer:
      - request: { url: "DELETE \${endpoint}/leaving-\${run.id}", expect: [204, 404] }
`

test('a failed assertion still deletes what was created and revokes the token', async () => {
  const recipe = await recipeOf(
    `osrun: 1\nname: n${steps}  - assert: { status: 418 }\n  - request: GET \${endpoint}/never\n`,
  )
  const { events, result } = await runToEnd(recipe, { cloud: await cloudOf(sandbox.environment) })
  expect(result).toMatchObject({
    status: 'failed',
    exit: 4,
    steps: { passed: 3, failed: 1, skipped: 1 },
    leftovers: [],
  })
  expect(result.problem?.at).toMatchObject({ file: 'recipe.yaml', line: 10 })
  expect(sandbox.liveTokens()).toEqual([])
  expect(sandbox.requests.map(({ method }) => method)).toEqual(['POST', 'PUT', 'DELETE', 'DELETE'])
  expect(events.at(-1)?.type).toBe('run:end')
})

describe('an interrupt', () => {
  // The run is interrupted at every event in turn: before, within and after each request.
  test('at any moment leaves no live token and no container', async () => {
    const recipe = await recipeOf(`osrun: 1\nname: n${steps}  - request: GET \${endpoint}\n  - revoke:\n`)
    const cloud = await cloudOf(sandbox.environment)
    const whole = await runToEnd(recipe, { cloud })
    expect(whole.result.status).toBe('passed')
    for (let stop = 0; stop < whole.events.length; stop++) {
      const controller = new AbortController()
      const { runRecipe } = await import('../../src/library/index.ts')
      const run = runRecipe(recipe, { cloud, signal: controller.signal })
      let seen = 0
      for await (const event of run) {
        if (seen++ === stop) controller.abort(new OsrunError('INTERRUPTED', 'stop'))
        void event
      }
      const result = await run.result
      expect([0, 130]).toContain(result.exit)
      expect(result.leftovers).toEqual([])
      expect(sandbox.liveTokens()).toEqual([])
    }
  })

  test('while Keystone is still answering revokes the token that comes', async () => {
    const recipe = await recipeOf('osrun: 1\nname: n\nsteps:\n  - authenticate:\n')
    const controller = new AbortController()
    const { createTransport } = await import('../../src/library/index.ts')
    const real = createTransport({ tls: { insecure: false } })
    const transport = {
      send: async (...args: Parameters<typeof real.send>) => {
        const response = await real.send(...args)
        if (args[0].method === 'POST') controller.abort(new OsrunError('INTERRUPTED', 'stop'))
        return response
      },
      close: () => real.close(),
    }
    const { result } = await runToEnd(recipe, {
      cloud: await cloudOf(sandbox.environment),
      signal: controller.signal,
      transport,
    })
    await real.close()
    expect(result).toMatchObject({ status: 'interrupted', exit: 130, tokens: { made: 1, revoked: 1 } })
    expect(sandbox.liveTokens()).toEqual([])
  })
})

test('a deadline ends the run with its own status and cleans up', async () => {
  const recipe = await recipeOf(`osrun: 1\nname: n${steps}  - request: GET \${endpoint}\n`)
  const { result } = await runToEnd(recipe, { cloud: await cloudOf(sandbox.environment), deadline: 0 })
  expect(result).toMatchObject({ status: 'errored', exit: 3 })
  expect(result.problem?.code).toBe('DEADLINE_PASSED')
  expect(sandbox.liveTokens()).toEqual([])
})

test('keep: true leaves the token alive and says so', async () => {
  const recipe = await recipeOf('osrun: 1\nname: n\nsteps:\n  - authenticate: { keep: true }\n')
  const { events, result } = await runToEnd(recipe, { cloud: await cloudOf(sandbox.environment) })
  expect(result.tokens).toEqual({ made: 1, revoked: 0, kept: 1 })
  expect(sandbox.liveTokens()).toHaveLength(1)
  expect(events.some((event) => event.type === 'notice' && event.message.includes('stays alive'))).toBe(true)
})

test('a token that the user gave is used and never revoked', async () => {
  const first = await runToEnd(
    await recipeOf('osrun: 1\nname: n\nsteps:\n  - authenticate: { keep: true }\n'),
    {
      cloud: await cloudOf(sandbox.environment),
    },
  )
  expect(first.result.status).toBe('passed')
  const [given = ''] = sandbox.liveTokens()
  const { OS_USERNAME, OS_PASSWORD, OS_USER_DOMAIN_NAME, ...rest } = sandbox.environment
  const cloud = await cloudOf({ ...rest, OS_AUTH_TYPE: 'token', OS_TOKEN: given })
  const { result } = await runToEnd(await recipeOf('osrun: 1\nname: n\nsteps:\n  - authenticate:\n'), {
    cloud,
  })
  expect(result.problem).toBeUndefined()
  expect(sandbox.liveTokens()).toEqual([given])
  const refused = await runToEnd(
    await recipeOf('osrun: 1\nname: n\nsteps:\n  - authenticate:\n  - revoke: ${env.OS_TOKEN}\n'),
    { cloud, environment: { OS_TOKEN: given } },
  )
  expect(refused.result.status).toBe('errored')
  expect(sandbox.liveTokens()).toEqual([given])
})

test('deferred steps get a new token when the recipe revoked its own', async () => {
  const recipe = await recipeOf(`osrun: 1\nname: n${steps}  - revoke:\n`)
  const { result } = await runToEnd(recipe, { cloud: await cloudOf(sandbox.environment) })
  expect(result).toMatchObject({ status: 'passed', leftovers: [], tokens: { made: 2, revoked: 2 } })
  expect(sandbox.liveTokens()).toEqual([])
})

test('a deferred step that fails makes the run fail with its own status', async () => {
  const recipe = await recipeOf(
    'osrun: 1\nname: n\nsteps:\n  - authenticate:\n    defer:\n      - request: GET ${token.identity_url}/nothing-here\n',
  )
  const { result } = await runToEnd(recipe, { cloud: await cloudOf(sandbox.environment) })
  expect(result).toMatchObject({ status: 'failed', exit: 6 })
  expect(result.leftovers).toHaveLength(1)
  expect(sandbox.liveTokens()).toEqual([])
})
