import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect } from '../../src/library/index.ts'
import type { SafeEvent } from '../../src/model/event.ts'
import { runSuite } from '../../src/run/suite/run-suite.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { busyTransport } from './busy.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

const steps = `osrun: 1
name: n
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: PUT \${endpoint}/busy
    defer:
      - request: { url: "DELETE \${endpoint}/busy", expect: [204, 404] }
`

/** Waits that are counted and take no time. */
function counted() {
  const waits: number[] = []
  return { waits, wait: async (length: number) => void waits.push(length), random: () => 1 }
}

async function run(times: number, status = 503) {
  await using transport = await busyTransport('DELETE', times, { status })
  const { waits, ...patience } = counted()
  const cloud = await cloudOf(sandbox.environment)
  const { events, result } = await runToEnd(await recipeOf(steps), { cloud, transport, ...patience })
  const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []))
  return { result, waits, notices }
}

test.each([429, 502, 503, 504])(
  'while a cloud answers %i, cleaning up asks again, and tells why it waits',
  async (status) => {
    const { result, waits, notices } = await run(3, status)
    expect(result).toMatchObject({ status: 'passed', exit: 0, leftovers: [] })
    expect(waits).toEqual([1000, 2000, 4000])
    expect(notices[2]).toMatch(/^DELETE was answered \d{3} .*; it is sent again in 4\.0 s, 3 of 6\.$/)
    expect(sandbox.liveTokens()).toEqual([])
    expect(sandbox.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2)
  },
)

test('a cloud that stays so is told as what is left', async () => {
  const { result, waits } = await run(Number.POSITIVE_INFINITY)
  expect(result).toMatchObject({ exit: 6 })
  expect(result.leftovers).toHaveLength(2)
  expect(waits.slice(0, 6)).toEqual([1000, 2000, 4000, 8000, 8000, 8000])
})

test('a refusal is no reason to ask again', async () => {
  const { result, waits } = await run(1, 500)
  expect([result.leftovers.length, waits]).toEqual([1, []])
})

async function runTwo(times: number, status = 503) {
  await using transport = await busyTransport('DELETE', times, { status })
  const { waits, ...patience } = counted()
  const reading = await recipeOf('osrun: 1\nname: n\nsteps: [{ authenticate: }]\n')
  const suite = runSuite(
    [1, 2].map(() => ({ recipe: reading, inputs: {} })),
    { cloud: await cloudOf(sandbox.environment), transport, ...patience },
  )
  const own: SafeEvent[] = []
  for await (const event of suite) if (event.run === '') own.push(event)
  assertNoSecret(JSON.stringify(own), 'what a suite tells')
  return { result: await suite.result, waits, own }
}

test('the token that the runs of a suite share is revoked by the same patience, and all of it is told', async () => {
  const { result, waits, own } = await runTwo(4)
  expect(result).toMatchObject({ exit: 0, leftovers: [], tokens: { made: 1, revoked: 1 } })
  expect(waits).toHaveLength(4)
  expect(sandbox.liveTokens()).toEqual([])
  const busy = [{ type: 'exchange', exchange: { status: 503 } }, { type: 'notice' }]
  expect(own).toMatchObject([
    { type: 'step:start', phase: 'cleanup', title: 'revoke the token that the recipes shared' },
    ...Array.from({ length: 4 }, () => busy).flat(),
    {
      type: 'exchange',
      exchange: { status: 204 },
      curl: expect.stringMatching(/-X DELETE .* "X-Auth-Token: \$token" .* "X-Subject-Token: \$token"/),
    },
    { type: 'step:end', result: { status: 'passed' } },
    { type: 'suite:end' },
  ])
})

test('a shared token that is not revoked is a step that could not be finished, and left', async () => {
  const { result, own } = await runTwo(1, 500)
  expect(result).toMatchObject({ exit: 6, leftovers: [{ code: 'CLEANUP_FAILED' }] })
  expect(own.map(({ type }) => type)).toEqual(['step:start', 'exchange', 'step:end', 'suite:end'])
  expect(own[2]).toMatchObject({ result: { status: 'errored', problem: { code: 'CLEANUP_FAILED' } } })
})

test('and so is that of a session', async () => {
  await using transport = await busyTransport('DELETE', 1)
  const session = connect({ cloud: await cloudOf(sandbox.environment), transport })
  await session.token()
  await session.close()
  expect(sandbox.liveTokens()).toEqual([])
})
