import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importRecipe } from '../../src/import/import-recipe.ts'
import { runOsrun } from '../cli/osrun.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'
import { runScript, shells } from './shell.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ record: true })
})
afterAll(() => sandbox.close())

const file = 'test/fixtures/import/guide-as-printed.sh'

test.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'the guide as it is printed, imported and exported, asks under %s what its run asks',
  async (_name, shell) => {
    const recipe = await recipeOf(importRecipe({ file, text: readFileSync(file, 'utf8') }).text)
    const cloud = await cloudOf(sandbox.environment)
    const start = sandbox.requests.length
    const { result } = await runToEnd(recipe, { cloud, environment: sandbox.environment })
    const middle = sandbox.requests.length
    const script = await exported(recipe, cloud)
    const { status, stdout, stderr } = await runScript(script, shell, sandbox.environment)
    expect([result.exit, status, stderr]).toEqual([0, 0, ''])
    expect(stdout).toMatch(/\npassed\n$/)
    const asked = sandbox.requests.map(({ method, path }) => `${method} ${path}`)
    expect(asked.slice(middle)).toEqual(asked.slice(start, middle))
    expect(sandbox.liveTokens()).toEqual([])
  },
)

test('the command line imports it, checks it and runs it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-guide-'))
  const recipe = join(folder, 'guide.yaml')
  expect(await runOsrun(['import', '-q', file, '-o', recipe])).toEqual({ status: 0, stdout: '', stderr: '' })
  expect(await runOsrun(['check', recipe])).toMatchObject({ status: 0 })
  expect(await runOsrun(['--sandbox', recipe])).toMatchObject({ status: 0, stderr: '' })
  rmSync(folder, { recursive: true })
})
