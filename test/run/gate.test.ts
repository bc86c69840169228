import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunEvent } from '../../src/model/event.ts'
import type { Gate, Stop } from '../../src/model/gate.ts'
import { runFailures } from '../../src/report/failures.ts'
import { collectSuite } from '../../src/report/run-records.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ record: true })
})
afterAll(() => sandbox.close())

const text = `osrun: 1
name: A container
inputs: { colour: blue }
steps:
  - authenticate:
  - pick-endpoint: object-store
  - id: make
    request: PUT \${endpoint}/gate-\${run.id}
    capture: { transaction: headers.x-trans-id }
    defer:
      - request: { url: "DELETE \${endpoint}/gate-\${run.id}", expect: [204, 404] }
  - id: look
    request: HEAD \${endpoint}/gate-\${run.id}
`

/** Answers by the step's number, go where nothing is said. */
function gateOf(
  before: Readonly<Record<number, readonly ('skip' | 'quit')[]>>,
  after: Readonly<Record<number, readonly ('repeat' | 'quit')[]>> = {},
  look: (at: Stop, events: readonly RunEvent[]) => void = () => {},
): Gate {
  const turns = new Map<string, number>()
  const next = <T>(key: string, answers: readonly T[] = []): T | 'go' => {
    const turn = turns.get(key) ?? 0
    turns.set(key, turn + 1)
    return answers[turn] ?? 'go'
  }
  return {
    before: async ({ index }) => next(`before ${index}`, before[index]),
    async after(at, { events }) {
      look(at, events)
      return next(`after ${at.index}`, after[at.index])
    },
  }
}

async function runGated(gate: Gate, recipe = text) {
  const seen = sandbox.requests.length
  const ended = await runToEnd(await recipeOf(recipe), { cloud: await cloudOf(sandbox.environment), gate })
  const requests = sandbox.requests
    .slice(seen)
    .map(({ method, path }) => `${method} ${path.replace(/.*\/(gate|auth).*/, '$1')}`)
  return { ...ended, requests }
}

test('a gate that lets everything through changes nothing', async () => {
  const { result, requests } = await runGated(gateOf({}))
  expect(result).toMatchObject({ status: 'passed', steps: { passed: 4 } })
  expect(requests.filter((one) => one.endsWith('gate'))).toEqual(['PUT gate', 'HEAD gate', 'DELETE gate'])
})

test('after a step a gate is shown its events, masked, and no others', async () => {
  const told: string[] = []
  await runGated(
    gateOf({}, {}, ({ step }, events) =>
      told.push(`${step.id}: ${events.map(({ type }) => type).join(' ')}`),
    ),
  )
  expect(told).toEqual([
    'authenticate-1: step:start exchange context step:end',
    'pick-endpoint-1: step:start context step:end',
    'make: step:start exchange context step:end',
    'look: step:start exchange step:end',
  ])
})

test('quitting skips the steps that are left, deletes what was made and revokes the token', async () => {
  const { result, requests } = await runGated(gateOf({}, { 2: ['quit'] }))
  expect(result).toMatchObject({
    status: 'interrupted',
    exit: 130,
    leftovers: [],
    steps: { passed: 3, skipped: 1 },
    tokens: { made: 1, revoked: 1 },
  })
  expect(requests).toContain('DELETE gate')
  expect(requests).not.toContain('HEAD gate')
  expect(sandbox.liveTokens()).toEqual([])
})

test('a step that is skipped sends nothing', async () => {
  const { result, requests } = await runGated(gateOf({ 3: ['skip'] }))
  expect(result).toMatchObject({ status: 'passed', steps: { passed: 3, skipped: 1 } })
  expect(requests).not.toContain('HEAD gate')
})

test('a step is repeated as often as the gate asks, and undone as often', async () => {
  const { result, requests } = await runGated(gateOf({}, { 2: ['repeat', 'repeat'] }))
  expect(result).toMatchObject({ status: 'passed', steps: { passed: 4 }, leftovers: [] })
  expect(requests.filter((one) => one === 'PUT gate')).toHaveLength(3)
  expect(requests.filter((one) => one === 'DELETE gate')).toHaveLength(3)
})

test('a step that passed once has passed, however its repetitions end; one that failed may pass the second time', async () => {
  const once = `${text}  - request: { url: "DELETE \${endpoint}/gate-\${run.id}", expect: 204 }\n`
  const first = await runGated(gateOf({}, { 4: ['repeat'] }), once)
  expect(first.result).toMatchObject({ status: 'passed', steps: { passed: 5 } })
  // Swift says 201 the first time, and 202 to whoever makes the container again.
  const twice = `${text}  - request: { url: "PUT \${endpoint}/second", expect: 202 }\n`
  const second = await runGated(gateOf({}, { 4: ['repeat'] }), twice)
  expect(second.result).toMatchObject({ status: 'passed' })
  // No report is red for that.
  for (const { events } of [first, second]) {
    const told = (async function* () {
      yield* events
    })()
    const { runs } = await collectSuite(told)
    expect(runs.map((run) => runFailures(run))).toEqual([{ ofSteps: new Map(), others: [] }])
    const failed = runs.flatMap(({ steps }) => steps.filter(({ result }) => result.status === 'failed'))
    expect(failed.map(({ allowedFailure }) => allowedFailure)).toEqual([true])
  }
})

test('a gate that throws ends the run, which still cleans up', async () => {
  const gate: Gate = {
    before: async () => 'go',
    after: () => Promise.reject(new Error('the screen is gone')),
  }
  const { result } = await runGated(gate)
  expect(result).toMatchObject({ exit: 3, problem: { code: 'INTERNAL' }, tokens: { made: 1, revoked: 1 } })
})

test('the variables at a gate are those that the curl lines read, with real values', async () => {
  const seen: Readonly<Record<string, string>>[] = []
  await runGated(gateOf({}, {}, (at) => void seen.push(at.environment())))
  const [, , third] = seen
  expect(Object.keys(third ?? {}).sort()).toEqual(
    ['OS_AUTH_URL', 'OS_PASSWORD', 'colour', 'endpoint', 'run_id', 'token', 'transaction'].sort(),
  )
  expect(third).toMatchObject({ OS_PASSWORD: sandbox.environment.OS_PASSWORD, colour: 'blue' })
  expect(third?.token).toMatch(/^gAAAA/)
  expect(third?.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\/AUTH_/)
})
