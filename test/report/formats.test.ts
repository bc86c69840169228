import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { constant } from './constant.ts'
import { report, type Scenario, scenarios } from './scenarios.ts'

const require = createRequire(import.meta.url)
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const named = scenarios.map((scenario) => [scenario.name, scenario] as const)
const scenarioOf = (name: string): Scenario => {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found === undefined) throw new Error(`no scenario "${name}"`)
  return found
}
/** Whether the run of a scenario passed, by the JSON report. */
async function passes(scenario: Scenario): Promise<boolean> {
  const document = JSON.parse(await report(scenario, 'json', sandbox)) as {
    readonly runs: readonly { readonly result: { readonly exit: number } }[]
  }
  return document.runs[0]?.result.exit === 0
}

describe('tap', () => {
  test.each(named)('%s is read by a TAP parser as it ended', async (_name, scenario) => {
    const { Parser } = (await import('tap-parser')) as typeof import('tap-parser')
    const text = await report(scenario, 'tap', sandbox)
    const events = Parser.parse(text)
    const extra = JSON.stringify(events).includes('"extra"')
    expect(extra).toBe(false)
    const complete = events.find(([kind]) => kind === 'complete')?.[1] as {
      readonly ok: boolean
      readonly count: number
    }
    expect(complete.count).toBe(1)
    expect(complete.ok).toBe(await passes(scenario))
  })
})

describe('ndjson', () => {
  test.each(named)('%s is an event a line', async (_name, scenario) => {
    const lines = (await report(scenario, 'ndjson', sandbox)).trimEnd().split('\n')
    const events = lines.map((line) => JSON.parse(line) as { readonly type: string; readonly run: string })
    expect(events[0]?.type).toBe('run:start')
    expect(events.at(-1)?.type).toBe('run:end')
    expect(new Set(events.map(({ run }) => run)).size).toBe(1)
  })
})

describe('har', () => {
  const schemas = require('har-schema') as Readonly<Record<string, { readonly $id: string }>>
  const formats = {
    date: true,
    'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/,
    uri: (text: string) => URL.canParse(text),
    ipv4: true,
    ipv6: true,
  } as const
  const ajv = new Ajv({ allErrors: true, strict: false, formats })
  ajv.addMetaSchema(require('ajv/dist/refs/json-schema-draft-06.json'))
  for (const schema of Object.values(schemas)) ajv.addSchema(schema)
  const validate = ajv.getSchema('har.json#')

  test.each(named)('%s is valid against the schema', async (_name, scenario) => {
    const archive = JSON.parse(await report(scenario, 'har', sandbox)) as unknown
    expect(validate?.(archive), JSON.stringify(validate?.errors)).toBe(true)
  })

  test('what is not valid is noticed', () => {
    expect(validate?.({ log: { version: '1.2', entries: [{}] } })).toBe(false)
  })
})

describe('prometheus', () => {
  const parse = require('parse-prometheus-text-format') as (text: string) => readonly {
    readonly name: string
    readonly metrics: readonly { readonly value: string; readonly labels: Readonly<Record<string, string>> }[]
  }[]

  test.each(named)('%s is read by a parser as it ended', async (name, scenario) => {
    const families = parse(await report(scenario, 'prometheus', sandbox))
    const success = families.find((family) => family.name === 'osrun_run_success')?.metrics ?? []
    expect(success).toHaveLength(1)
    expect(success[0]?.labels.recipe).toBe(name)
    expect(Number(success[0]?.value)).toBe((await passes(scenario)) ? 1 : 0)
    for (const { metrics } of families) for (const { value } of metrics) expect(Number(value)).not.toBeNaN()
  })
})

describe('nagios', () => {
  test.each(named)('%s is one line with performance data', async (_name, scenario) => {
    const text = await report(scenario, 'nagios', sandbox)
    expect(text).toMatch(
      /^OSRUN (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+ \| time=[\d.]+s;;;0 passed=[01];;;0;1 failed=[01];;;0;1 skipped=0;;;0;1 requests=\d+;;;0\n$/,
    )
    expect(text.startsWith('OSRUN OK')).toBe(await passes(scenario))
  })
})

describe('markdown', () => {
  test.each(['success', 'many differences', 'hostile text', 'wrong password', 'cleaning up fails'])(
    '%s',
    async (name) => {
      const text = await report(scenarioOf(name), 'markdown', sandbox)
      // Which steps are the slowest differs from run to run.
      const [told = '', slow = ''] = constant(text.replaceAll(/\d+\.\d\d s/g, '1 s')).split('<details>')
      expect(slow).toMatch(/\| N ms \| .+ \| .+ \|/)
      await expect(told).toMatchFileSnapshot(`../golden/markdown/${name.replaceAll(' ', '-')}.md`)
    },
  )
})
