import { afterEach, beforeEach, expect, test } from 'vitest'
import { jsonReporter } from '../../src/report/formats/json.ts'
import { terminalReporter } from '../../src/report/terminal/terminal.ts'
import { opening, play } from '../steps/play.ts'
import { type Sandbox, startSandbox } from './on-sandbox.ts'
import { reported, steps, told } from './outputs-told.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
})
afterEach(() => sandbox.close())

test('names and values are told after the last step, with their types', async () => {
  const named = await told(sandbox, '[count, state]')
  expect(named.result.outputs).toEqual({ count: '1', state: 204 })
  const valued = await told(
    sandbox,
    '{ url: "${endpoint}/photos", all: { n: "${state}", of: ["${count}"] }, plain: 7 }',
  )
  expect(valued.result.outputs).toMatchObject({ all: { n: 204, of: ['1'] }, plain: 7 })
  expect(valued.result.outputs?.url).toMatch(/^http.*\/photos$/)
  const types = valued.events.map(({ type }) => type)
  expect(types.indexOf('output')).toBeGreaterThan(types.indexOf('exchange'))
})

test('secrets are masked: tokens, secret inputs also of digits, and under any name', async () => {
  const head = 'inputs: { pin: { type: integer, writeOnly: true }, key: { type: string, writeOnly: true } }\n'
  const inputs = { pin: 98765432, key: "sesame it's" }
  const played = await told(
    sandbox,
    '{ status: "${token}", code: "${key}", pin: "${pin}", list: ["${pin}"] }',
    {
      head,
      inputs,
    },
  )
  expect(played.result.outputs).toEqual({ status: '***', code: '***', pin: '***', list: ['***'] })
  expect(JSON.stringify(played)).not.toMatch(/98765432|sesame/)
})

test('a secret of the environment is masked where outputs alone read it', async () => {
  const environment = { MY_PASSWORD: 'sesame-of-the-shell', PLACE: 'plain' }
  const played = await told(
    sandbox,
    '{ pw: "${env.MY_PASSWORD}", more: "a ${env.MY_PASSWORD}", place: "${env.PLACE}" }',
    {
      environment,
    },
  )
  expect(played.result.outputs).toEqual({ pw: '***', more: 'a ***', place: 'plain' })
  expect(JSON.stringify(played)).not.toContain('sesame')
})

test('an output may read the answer of any step', async () => {
  const { result } = await play(
    sandbox,
    `${opening}  - id: one\n    request: HEAD /photos\n  - request: HEAD \${endpoint}\n`,
    {
      head: 'outputs: { first: "${steps.one.response.status}" }\n',
    },
  )
  expect(result.outputs).toEqual({ first: 204 })
})

test('a run that did not pass tells none', async () => {
  const { result } = await play(sandbox, `${opening}  - request: HEAD /nowhere\n`, {
    head: 'outputs: { a: 1 }\n',
  })
  expect(result).toMatchObject({ exit: 4 })
  expect(result.outputs).toBeUndefined()
})

test('an output without a value is an error with its place, unless it has a default', async () => {
  const skipped = `${steps}    when: { endpoint.region: Nowhere }\n`
  const missing = await play(sandbox, skipped, { head: 'outputs:\n  - count\n' })
  expect(missing.result).toMatchObject({
    status: 'errored',
    problem: { code: 'VALUE_MISSING', at: { line: 4, column: 5 } },
  })
  const standing = await play(sandbox, skipped, { head: 'outputs: { count: "${count:-none}" }\n' })
  expect(standing.result.outputs).toEqual({ count: 'none' })
})

test('the terminal has them last, without control characters, and the JSON report has them too', async () => {
  const played = await told(sandbox, '{ odd: "a\\e[2J", count: "${count}" }')
  expect(await reported(terminalReporter, played)).toMatch(/ms\nodd="a\$\(printf '\\033'\)\[2J"\ncount=1\n$/)
  const [run] = JSON.parse(await reported(jsonReporter, played)).runs
  expect(run.result.outputs).toEqual({ odd: 'a\u001b[2J', count: '1' })
})
