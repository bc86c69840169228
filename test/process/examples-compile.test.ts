import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { libraryExamples, newStep } from '../docs/typescript-examples.ts'

let folder: string
beforeAll(() => {
  mkdirSync('node_modules/.cache', { recursive: true })
  folder = mkdtempSync(`${process.cwd()}/node_modules/.cache/examples-`)
})
afterAll(() => rmSync(folder, { recursive: true }))

test('the examples of the library and of a new step compile', () => {
  expect(libraryExamples.length).toBeGreaterThanOrEqual(1)
  const sources = { ...newStep, 'library.ts': libraryExamples.join('\n') }
  for (const [name, text] of Object.entries(sources)) writeFileSync(`${folder}/${name}`, text)
  const configuration = {
    extends: `${process.cwd()}/tsconfig.json`,
    compilerOptions: {
      noEmit: true,
      incremental: false,
      typeRoots: [`${process.cwd()}/node_modules/@types`],
      paths: { osrun: [`${process.cwd()}/src/library/index.ts`] },
    },
    include: [`${folder}/*.ts`, `${process.cwd()}/src/**/*.d.ts`],
  }
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(configuration))
  const run = (): string => execFileSync('node_modules/.bin/tsc', ['-p', folder], { encoding: 'utf8' })
  expect(run()).toBe('')
})
