import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toPlainScript } from '../../src/export/plain/script.ts'
import { OsrunError } from '../../src/model/problem.ts'
import { verbs } from '../../src/steps/index.ts'
import { cloudOf, loadRecipe, recipeOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { everyShell, runScript, startScript } from './shell.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ record: true })
})
afterAll(() => sandbox.close())

const guide = 'recipes/object-metadata.yaml'

// One that a cloud was named for, and one that reads OS_* alone.
test.each(
  everyShell.flatMap((shell) => [true, false].map((named) => [shell.join(' '), named, shell] as const)),
)(
  '%s runs the guide to its 190046 bytes, with the cloud named at export: %s',
  async (_name, named, shell) => {
    const cloud = named ? await cloudOf(sandbox.environment) : undefined
    const script = await toPlainScript(await loadRecipe(guide), { verbs, cloud })
    const { status, stdout, stderr } = await runScript(script, shell, sandbox.environment)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout.toLowerCase()).toContain('content-length: 190046\n')
    expect(stdout).toContain('token revoked: 204\n')
    expect(sandbox.liveTokens()).toEqual([])
  },
)

// Those that need nothing which the sandbox has not: of a course a learner has done them all.
test.each([
  'recipes/token-revoke.yaml',
  'recipes/token-validate.yaml',
  'recipes/course/02-scopes.yaml',
  'recipes/course/04-regions.yaml',
  'recipes/course/07-revocation.yaml',
])('the plain script of %s passes and leaves no token', async (file) => {
  const script = await toPlainScript(await loadRecipe(file), { verbs, cloud: undefined })
  const { status, stderr } = await runScript(script, ['dash'], sandbox.environment)
  expect([status, stderr]).toEqual([0, ''])
  expect(sandbox.liveTokens()).toEqual([])
})

test.each([
  ['an object that is not there', { object: 'no-such-object' }, 22, /error: 404/],
  ['a password that is wrong', { OS_PASSWORD: 'no' }, 22, /error: 401/],
  ['a region that is not there', { OS_REGION_NAME: 'NOWHERE' }, 5, /no endpoint of object-store/],
])('%s ends it, and no token is left', async (_what, given, expected, said) => {
  const script = await toPlainScript(await loadRecipe(guide), { verbs, cloud: undefined })
  const { status, stderr } = await runScript(script, ['dash'], { ...sandbox.environment, ...given })
  expect(status).toBe(expected)
  expect(stderr).toMatch(said)
  expect(sandbox.liveTokens()).toEqual([])
})

test('what is not as expected ends it with status 4 and is said', async () => {
  const recipe = await recipeOf(`osrun: 1
name: Differences
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: { url: "\${endpoint}?format=json" }
  - assert: { json: { "$[0].name": { minLength: 1 }, "$[0].count": { minimum: 999999 } } }
`)
  const script = await toPlainScript(recipe, { verbs, cloud: undefined })
  const { status, stderr } = await runScript(script, ['dash'], sandbox.environment)
  expect([status, stderr]).toEqual([4, '$[0].count is not at least 999999\n'])
  expect(sandbox.liveTokens()).toEqual([])
})

test.each(everyShell.map((shell) => [shell.join(' '), shell] as const))(
  'a signal ends it under %s, and the token is revoked',
  async (_name, shell) => {
    const recipe = await recipeOf(
      'osrun: 1\nname: Long\nsteps:\n  - authenticate:\n  - pause: 2s\n  - request: GET http://127.0.0.1:1/never\n',
    )
    const script = await toPlainScript(recipe, { verbs, cloud: undefined })
    const { ended, signal } = startScript(script, shell, sandbox.environment)
    while (sandbox.liveTokens().length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    await new Promise((resolve) => setTimeout(resolve, 300))
    signal('SIGTERM')
    expect((await ended).status).toBe(130)
    expect(sandbox.liveTokens()).toEqual([])
  },
)

test('shellcheck has nothing to say about any of them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-plain-'))
  const names: string[] = []
  for (const file of shippedRecipes) {
    const recipe = await loadRecipe(`recipes/${file}`)
    for (const [kind, cloud] of [
      ['none', undefined],
      ['named', await cloudOf(sandbox.environment)],
    ] as const) {
      try {
        const name = `${file.replaceAll('/', '-')}-${kind}.sh`
        writeFileSync(join(folder, name), await toPlainScript(recipe, { verbs, cloud }))
        names.push(name)
      } catch (error) {
        if (!(error instanceof OsrunError && error.code === 'EXPORT_IMPOSSIBLE')) throw error
      }
    }
  }
  expect(names.length).toBeGreaterThan(10)
  const { stdout, error } = spawnSync('shellcheck', ['--norc', ...names], { cwd: folder, encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  expect([error, stdout]).toEqual([undefined, ''])
})
