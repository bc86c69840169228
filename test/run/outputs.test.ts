import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jsonReporter } from '../../src/report/json.ts'
import { outputsReporter } from '../../src/report/outputs.ts'
import { terminalReporter } from '../../src/report/terminal.ts'
import { opening, play } from '../steps/play.ts'
import { type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
})
afterEach(() => sandbox.close())

const steps = `${opening}  - request: HEAD /photos\n    capture: { count: headers.x-container-object-count, state: status }\n`

async function told(outputs: string, more: Parameters<typeof play>[2] = {}) {
  return play(sandbox, steps, { ...more, head: `${more.head ?? ''}outputs: ${outputs}\n` })
}

async function reported(reporter: typeof outputsReporter, { events }: Awaited<ReturnType<typeof told>>) {
  let text = ''
  const write = (part: string) => {
    text += part
  }
  const source = (async function* () {
    yield* events
  })()
  const output = { write, isTerminal: false, color: false, width: 80 }
  await reporter(source as never, output, { verbosity: 'quiet', curl: false })
  return text
}

test('names and values are told after the last step, with their types', async () => {
  const named = await told('[count, state]')
  expect(named.result.outputs).toEqual({ count: '1', state: 204 })
  const valued = await told(
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
  const played = await told('{ status: "${token}", code: "${key}", pin: "${pin}", list: ["${pin}"] }', {
    head,
    inputs,
  })
  expect(played.result.outputs).toEqual({ status: '***', code: '***', pin: '***', list: ['***'] })
  expect(JSON.stringify(played)).not.toMatch(/98765432|sesame/)
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

test('a shell reads the lines back, whatever is in the values', async () => {
  const head = 'inputs: { odd: "it\'s $HOME `id` \\\\ \\n*" }\n'
  const played = await told('{ my-odd: "${odd}", list: ["${odd}", 2], nothing: null }', { head })
  const lines = await reported(outputsReporter, played)
  const read = execFileSync('sh', ['-c', `${lines}printf '%s|%s|%s' "$my_odd" "$list" "$nothing"`], {
    encoding: 'utf8',
  })
  const odd = "it's $HOME `id` \\ \n*"
  expect(read).toBe(`${odd}|${JSON.stringify([odd, 2])}|`)
})

test('the terminal has them last, without control characters, and the JSON report has them too', async () => {
  const played = await told('{ odd: "a\\e[2J", count: "${count}" }')
  expect(await reported(terminalReporter, played)).toMatch(/ms\nodd='a\\e\[2J'\ncount=1\n$/)
  const [run] = JSON.parse(await reported(jsonReporter, played)).runs
  expect(run.result.outputs).toEqual({ odd: 'a\u001b[2J', count: '1' })
})
