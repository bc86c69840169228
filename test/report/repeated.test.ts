import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StepRecord } from '../../src/report/run-records.ts'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { report, scenarios } from './scenarios.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

function write(name: string, kind: string): Promise<string> {
  const scenario = scenarios.find((one) => one.name === name)
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`)
  return report(scenario, kind, sandbox)
}

async function stepsOf(name: string): Promise<readonly StepRecord[]> {
  const { runs } = JSON.parse(await write(name, 'json')) as { runs: { steps: StepRecord[] }[] }
  return runs[0]?.steps ?? []
}

describe('a step that is repeated', () => {
  test('has its timeline and every exchange in JSON', async () => {
    const [step] = await stepsOf('polled until it is active')
    expect(step?.exchanges).toHaveLength(5)
    expect(step?.timeline).toMatchObject({
      attempts: 5,
      values: [{ subject: '$.server.status', seen: [{ found: '"BUILD"' }, { found: '"ACTIVE"' }] }],
    })
    expect(step?.timeline?.values[0]?.seen[1]?.after).toBe(8000)
  })

  test('has its curl once, and its timeline, in JUnit', async () => {
    const text = await write('polled until it is active', 'junit')
    expect(text.split('curl -i')).toHaveLength(2)
    expect(text).toContain('asked 5 times in 8.0 s')
  })

  test('leaves no timeline to the steps after it', async () => {
    const steps = await stepsOf('for each item')
    expect(steps.map(({ id }) => id).slice(2, 4)).toEqual(['request-1[1]', 'request-1[2]'])
    expect(steps.every(({ timeline }) => timeline === undefined)).toBe(true)
  })
})

test('a skipped step has its reason in JSON and in JUnit', async () => {
  const reason = 'the catalog has no orchestration service'
  expect((await stepsOf('skipped steps'))[2]?.result).toEqual({ status: 'skipped', reason })
  expect(await write('skipped steps', 'junit')).toContain(`<skipped>${reason}</skipped>`)
})
