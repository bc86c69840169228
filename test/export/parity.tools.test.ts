import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Cloud } from '../../src/model/cloud.ts'
import { cloudOf, loadRecipe, recipeOf, runToEnd, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { exported } from './exported.ts'
import { sharedNames } from './own-part.ts'
import { coverOf } from './script-cover.ts'
import { everyShell, runScript, shells } from './shell.ts'
import { shippedScripts } from './shipped-scripts.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

// What is no failure: a step that is skipped, a request that is sent again.
const isTold = /: skipped, (the catalog has no [\w -]+ service|no item has .*)\.$|; it is sent again in /

type Shell = readonly string[]

async function expectToPass(file: string, shell: Shell, cloud: Cloud | undefined): Promise<void> {
  const script = await exported(await loadRecipe(`recipes/${file}`), cloud)
  const { status, stdout, stderr } = await runScript(script, shell, sandbox.environment)
  expect(stderr.split('\n').filter((line) => line !== '' && !isTold.test(line))).toEqual([])
  expect(stdout).toMatch(/\npassed\n$/)
  expect(status).toBe(0)
  expect(sandbox.liveTokens()).toEqual([])
}

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('under %s', (_name, shell) => {
  test.each(shippedRecipes)('%s passes as in osrun, and leaves no token', async (file) => {
    await expectToPass(file, shell, await cloudOf(sandbox.environment))
  })
})

// All others do what these do, in other orders: between them they have every function that scripts are made of. Here a
// script finds its own cloud.
const functions = new Map(
  [...(await shippedScripts('no cloud'))].map(([file, script]) => [file, sharedNames(script)]),
)
describe.each(everyShell.slice(1).map((shell) => [shell.join(' '), shell] as const))(
  'under %s, on a cloud of its environment',
  (_name, shell) => {
    test.each(coverOf(functions))('%s passes as in osrun, and leaves no token', (file) =>
      expectToPass(file, shell, undefined),
    )
  },
)

test.each(everyShell.map((shell) => [shell.join(' '), shell] as const))(
  'deferred steps run in the order of osrun under %s',
  async (_name, shell) => {
    const put = (path: string, ...undo: readonly string[]) =>
      `  - request: PUT /${path}\n    defer: [${undo.map((one) => `{ request: "DELETE /${one}" }`).join(', ')}]\n`
    const recipe = await recipeOf(
      `osrun: 1\nname: order\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n  - request: PUT /a\n${put('a/1', 'a/1')}${put('b', 'b', 'a')}`,
    )
    const deleted = () =>
      sandbox.requests
        .filter(({ method, path }) => method === 'DELETE' && !path.endsWith('/tokens'))
        .map(({ path }) => path.replace(/^.*AUTH_[^/]*/, ''))
    const cloud = await cloudOf(sandbox.environment)
    await runToEnd(recipe, { cloud })
    const wanted = deleted()
    expect(wanted).toEqual(['/b', '/a', '/a/1'])
    await runScript(await exported(recipe, cloud), shell, sandbox.environment)
    expect(deleted().slice(wanted.length)).toEqual(wanted)
  },
)
