import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FacedVerb } from '../../src/export/verb-faces.ts'
import { parseRecipe } from '../../src/recipe/parse.ts'
import { verbs } from '../../src/steps/index.ts'
import { cloudOf, runToEnd, startSandbox } from '../run/on-sandbox.ts'
import { newStep } from './typescript-examples.ts'

let folder: string
beforeAll(() => {
  mkdirSync('node_modules/.cache', { recursive: true })
  folder = mkdtempSync(`${process.cwd()}/node_modules/.cache/examples-`)
})
afterAll(() => rmSync(folder, { recursive: true }))

test('the new step of CONTRIBUTING.md works once it is in the registry', async () => {
  for (const [name, text] of Object.entries(newStep)) writeFileSync(`${folder}/${name}`, text)
  const { wait: verb } = (await import(`${folder}/verb.ts`)) as { readonly wait: FacedVerb }
  const parse = (text: string) =>
    parseRecipe(`osrun: 1\nname: Wait\nsteps:\n${text}`, {
      file: 'a.yaml',
      directory: '/',
      verbs: [...verbs, verb],
    })
  await using sandbox = await startSandbox()
  const cloud = await cloudOf(sandbox.environment)
  expect(parse(verb.example).steps).toHaveLength(1)
  const { result, events } = await runToEnd(parse('- wait: 20ms\n'), { cloud, verbs: [...verbs, verb] })
  expect(result).toMatchObject({ status: 'passed', exit: 0 })
  expect(events.filter(({ type }) => type === 'step:end')).toHaveLength(1)
  expect((await verb.faces?.explain?.())?.explain).toBeTypeOf('function')
  expect(() => parse('- wait: a while\n')).toThrow('"wait" must be a duration such as 500ms, 2s, 5m or 1h')
})
