import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Again, Gate, Passage, Stop } from '../../src/model/gate.ts'
import { limitRun } from '../../src/run/recipe/run-limit.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ record: true })
})
afterAll(() => sandbox.close())

const text = (status: number): string => `osrun: 1
steps:
  - authenticate:
  - pick-endpoint: object-store
  - id: make
    request: PUT \${endpoint}/halted-\${run.id}
    defer:
      - request: { url: "DELETE \${endpoint}/halted-\${run.id}", expect: [204, 404] }
  - id: judge
    assert: { status: ${status} }
`

type Answer = 'go' | 'quit' | Again

/** Runs with somebody who is asked before each step, and after it. */
async function run(
  status: number,
  ask: (at: Stop, passage: Passage | undefined) => Promise<Answer>,
): ReturnType<typeof runToEnd> {
  const gate: Gate = { before: (at) => ask(at, undefined), after: ask }
  const { environment } = sandbox
  return runToEnd(await recipeOf(text(status)), {
    cloud: await cloudOf(environment),
    environment,
    gate,
  })
}

test('who stops a run is asked before each step, and after it', async () => {
  const asked: string[] = []
  const { result } = await run(418, async ({ step }, passage) => {
    asked.push(`${step.id} ${passage?.result.status ?? 'before'}`)
    return 'go'
  })
  expect(asked).toEqual([
    'authenticate-1 before',
    'authenticate-1 passed',
    'pick-endpoint-1 before',
    'pick-endpoint-1 passed',
    'make before',
    'make passed',
    'judge before',
    'judge failed',
  ])
  expect(result.exit).toBe(4)
})

test('a step is tried again as the edited recipe has it, and its first end does not count', async () => {
  const edited = await recipeOf(text(201))
  const { result } = await run(
    418,
    async (_at, passage): Promise<Answer> =>
      passage?.result.status === 'failed' ? { recipe: edited, step: 'judge' } : 'go',
  )
  expect(result).toMatchObject({ exit: 0, steps: { passed: 4, failed: 0, skipped: 0 } })
})

test('a step that the recipe is read again for before it runs takes nothing from the one before', async () => {
  const edited = await recipeOf(text(201))
  let isEdited = false
  const { result } = await run(418, async ({ step }): Promise<Answer> => {
    if (step.id !== 'judge' || isEdited) return 'go'
    isEdited = true
    return { recipe: edited, step: 'judge' }
  })
  expect(result).toMatchObject({ exit: 0, steps: { passed: 4, failed: 0, skipped: 0 } })
})

test('who quits has everything cleaned up, and the status of an interrupt', async () => {
  const { result, events } = await run(201, async ({ step }) => (step.id === 'judge' ? 'quit' : 'go'))
  expect(result).toMatchObject({ exit: 130, status: 'interrupted', leftovers: [], steps: { skipped: 1 } })
  const deletions = events.flatMap((event) => (event.type === 'exchange' ? [event.exchange] : []))
  expect(deletions.filter(({ method, status }) => method === 'DELETE' && status === 204)).toHaveLength(2)
  expect(sandbox.liveTokens()).toEqual([])
})

test('values are shown masked, and the environment by names that tell no secret', async () => {
  const shown: (string | undefined)[] = []
  await run(201, async ({ step, print }, passage) => {
    if (step.id === 'make' && passage === undefined)
      shown.push(
        print('token'),
        print('endpoint.region'),
        print('env'),
        print('env.OS_PASSWORD'),
        print('nothing'),
      )
    return 'go'
  })
  expect(shown).toEqual(['***', 'RegionOne', '***', '***', undefined])
})

test('after a step its own answer is there', async () => {
  const statuses: (string | undefined)[] = []
  await run(201, async ({ print }, passage) => {
    if (passage !== undefined) statuses.push(print('response.status'))
    return 'go'
  })
  expect(statuses).toEqual(['201', '201', '201', '201'])
})

test('a request of the prompt leaves the answer that the recipe judges alone', async () => {
  const statuses: (string | undefined)[] = []
  const { result, events } = await run(201, async (at, passage) => {
    if (at.step.id !== 'judge' || passage !== undefined) return 'go'
    await at.request('GET ${endpoint}/absent', at.signal)
    statuses.push(at.print('response.status'))
    return 'go'
  })
  expect(statuses).toEqual(['404'])
  expect(result.exit).toBe(0)
  expect(events.some((event) => event.type === 'step:end' && event.step === 'prompt')).toBe(true)
})

test('a deadline stands still while a run is held', () => {
  vi.useFakeTimers()
  try {
    using limit = limitRun({ deadline: 1000 })
    vi.advanceTimersByTime(600)
    const resume = limit.hold()
    vi.advanceTimersByTime(5000)
    resume()
    vi.advanceTimersByTime(399)
    expect(limit.signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(limit.signal.aborted).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})

test('the variables of a stop have what a shown line names by its path, before its step has run', async () => {
  const recipe = await recipeOf(
    'osrun: 1\nsteps:\n  - authenticate:\n  - request: GET ${token.identity_url}/users/${token.user.id}?of=${run.id}\n',
  )
  const { environment } = sandbox
  const seen: Readonly<Record<string, string>>[] = []
  const gate: Gate = {
    async before(stop) {
      seen.push(stop.environment())
      return 'go'
    },
    after: async () => 'go',
  }
  await runToEnd(recipe, { cloud: await cloudOf(environment), environment, gate })
  expect(seen[0]?.run_id).toMatch(/^[0-9a-f]{8}$/)
  expect(seen[0]).not.toHaveProperty('token_user_id')
  expect(seen[1]).toMatchObject({
    run_id: seen[0]?.run_id,
    token_user_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    token_identity_url: sandbox.authUrl,
  })
})
