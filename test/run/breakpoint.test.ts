import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Breakpoint, Decision } from '../../src/model/breakpoint.ts'
import { limitRun } from '../../src/run/run-limit.ts'
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

async function run(status: number, breakpoint: Breakpoint): ReturnType<typeof runToEnd> {
  const { environment } = sandbox
  return runToEnd(await recipeOf(text(status)), {
    cloud: await cloudOf(environment),
    environment,
    breakpoint,
  })
}

test('a breakpoint is asked before each step, and after one that does not pass', async () => {
  const asked: string[] = []
  const { result } = await run(418, async ({ step, result: ended }) => {
    asked.push(`${step.id} ${ended?.status ?? 'before'}`)
    return { go: 'on' }
  })
  expect(asked).toEqual([
    'authenticate-1 before',
    'pick-endpoint-1 before',
    'make before',
    'judge before',
    'judge failed',
  ])
  expect(result.exit).toBe(4)
})

test('a step is tried again as the edited recipe has it, and its first end does not count', async () => {
  const edited = await recipeOf(text(201))
  const { result } = await run(
    418,
    async ({ result: ended }): Promise<Decision> =>
      ended === undefined ? { go: 'on' } : { go: 'retry', recipe: edited, step: 'judge' },
  )
  expect(result).toMatchObject({ exit: 0, steps: { passed: 4, failed: 0, skipped: 0 } })
})

test('a step that the recipe is read again for before it runs takes nothing from the one before', async () => {
  const edited = await recipeOf(text(201))
  let isEdited = false
  const { result } = await run(418, async ({ step }): Promise<Decision> => {
    if (step.id !== 'judge' || isEdited) return { go: 'on' }
    isEdited = true
    return { go: 'retry', recipe: edited, step: 'judge' }
  })
  expect(result).toMatchObject({ exit: 0, steps: { passed: 4, failed: 0, skipped: 0 } })
})

test('who quits has everything cleaned up, and the status of an interrupt', async () => {
  const { result, events } = await run(201, async ({ step }) => ({ go: step.id === 'judge' ? 'quit' : 'on' }))
  expect(result).toMatchObject({ exit: 130, status: 'interrupted', leftovers: [], steps: { skipped: 1 } })
  const deletions = events.flatMap((event) => (event.type === 'exchange' ? [event.exchange] : []))
  expect(deletions.filter(({ method, status }) => method === 'DELETE' && status === 204)).toHaveLength(2)
  expect(sandbox.liveTokens()).toEqual([])
})

test('values are shown masked, and the environment by names that tell no secret', async () => {
  const shown: (string | undefined)[] = []
  await run(201, async ({ step, print }) => {
    if (step.id === 'make')
      shown.push(
        print('token'),
        print('endpoint.region'),
        print('env'),
        print('env.OS_PASSWORD'),
        print('nothing'),
      )
    return { go: 'on' }
  })
  expect(shown).toEqual(['***', 'RegionOne', '***', '***', undefined])
})

test('a request of the prompt leaves the answer that the recipe judges alone', async () => {
  const statuses: (string | undefined)[] = []
  const { result, events } = await run(201, async (halt) => {
    if (halt.step.id !== 'judge') return { go: 'on' }
    await halt.request('GET ${endpoint}/absent', halt.signal)
    statuses.push(halt.print('response.status'))
    return { go: 'on' }
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
