import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Verb } from '../../src/model/step.ts'
import { parseRecipe } from '../../src/recipe/parse.ts'
import { verbs } from '../../src/steps/index.ts'
import { cloudOf, runToEnd, startSandbox } from '../run/on-sandbox.ts'
import { blocksOf } from './blocks.ts'

let folder: string
beforeAll(() => {
  mkdirSync('node_modules/.cache', { recursive: true })
  folder = mkdtempSync(`${process.cwd()}/node_modules/.cache/examples-`)
})
afterAll(() => rmSync(folder, { recursive: true }))

const [wait] = blocksOf('CONTRIBUTING.md').filter(({ language }) => language === 'ts')
const library = blocksOf('docs/library.md').filter(({ language }) => language === 'ts')
const fromSources = (text: string): string => text.replaceAll("'../", `'${process.cwd()}/src/`)

test('the examples of the library and of a new step compile', () => {
  expect(library.length).toBeGreaterThanOrEqual(2)
  const sources = [fromSources(wait?.text ?? ''), library.map(({ text }) => text).join('\n')]
  sources.forEach((text, index) => {
    writeFileSync(`${folder}/example-${index}.ts`, text)
  })
  const configuration = {
    extends: `${process.cwd()}/tsconfig.json`,
    compilerOptions: {
      noEmit: true,
      incremental: false,
      typeRoots: [`${process.cwd()}/node_modules/@types`],
      paths: { osrun: [`${process.cwd()}/src/index.ts`] },
    },
    include: [`${folder}/*.ts`, `${process.cwd()}/src/**/*.d.ts`],
  }
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(configuration))
  const run = (): string => execFileSync('node_modules/.bin/tsc', ['-p', folder], { encoding: 'utf8' })
  expect(run()).toBe('')
})

test('the new step of CONTRIBUTING.md works once it is in the registry', async () => {
  const file = `${folder}/wait.ts`
  writeFileSync(file, fromSources(wait?.text ?? ''))
  const { wait: verb } = (await import(file)) as { readonly wait: Verb }
  const parse = (text: string) =>
    parseRecipe(`osrun: 1\nname: Wait\nsteps:\n${text}`, {
      file: 'a.yaml',
      directory: '/',
      verbs: [...verbs, verb],
    })
  await using sandbox = await startSandbox()
  const cloud = await cloudOf(sandbox.environment)
  const { result, events } = await runToEnd(parse(verb.example), { cloud, verbs: [...verbs, verb] })
  expect(result).toMatchObject({ status: 'passed', exit: 0 })
  expect(events.filter(({ type }) => type === 'step:end')).toHaveLength(1)
  expect(() => parse('- wait: a while\n')).toThrow('"wait" must be a duration such as 500ms, 2s, 5m or 1h')
})
