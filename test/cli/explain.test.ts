import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Plan } from '../../src/model/plan.ts'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { runOsrun } from './osrun.ts'

const guide = 'recipes/object-metadata.yaml'
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ record: true })
})
afterAll(() => sandbox.close())

test('run --dry-run says the same as explain, and neither sends anything', async () => {
  const flags = ['recipes', '--region', 'GRA', '--explain-curl']
  const explained = await runOsrun(['explain', ...flags], sandbox.environment)
  const dry = await runOsrun(['run', '--dry-run', ...flags], sandbox.environment)
  expect(explained).toMatchObject({ status: 0, stderr: '' })
  expect(dry).toEqual(explained)
  expect(explained.stdout).toContain('region GRA')
  expect(explained.stdout).toContain('-H "X-Auth-Token: ..."  shows who asks')
  expect(sandbox.requests).toEqual([])
})

test('without any cloud the lines read the environment, and a cloud needs no password', async () => {
  const [none, named, builtIn] = await Promise.all([
    runOsrun(['explain', guide]),
    runOsrun(['explain', guide], { ...sandbox.environment, OS_PASSWORD: undefined }),
    runOsrun(['--sandbox', '--dry-run', guide]),
  ])
  expect(none.stdout).toContain('"name":env.OS_USERNAME')
  for (const { status, stdout } of [none, named, builtIn]) {
    expect(status).toBe(0)
    expect(stdout).toContain('"$OS_AUTH_URL/auth/tokens"')
    expect(stdout).toContain('"password":env.OS_PASSWORD')
  }
  expect(named.stdout).toContain('"name":"learner"')
})

test('a cloud that is named and not there is an error', async () => {
  const { status, stdout } = await runOsrun(['explain', '--cloud', 'nowhere', guide])
  expect([status, stdout]).toEqual([1, ''])
})

test('an invalid recipe is told as by check', async () => {
  const files = ['test/fixtures/broken/duplicate-key.yaml', 'test/fixtures/broken/defer-unknown-name.yaml']
  const checked = await runOsrun(['check', '-q', ...files])
  for (const words of [['explain'], ['run', '--dry-run']]) {
    const { status, stdout, stderr } = await runOsrun([...words, ...files])
    expect([status, stdout]).toEqual([2, ''])
    expect(`${stderr}2 problems in 2 files\n`).toBe(checked.stderr)
  }
  expect(checked.status).toBe(2)
})

test('inputs are shown as given; an unknown one is an error as in a run', async () => {
  const given = await runOsrun(['explain', guide, '--input', "container=it's"])
  expect(given.stdout).toContain('"$endpoint/it%27s/')
  expect((await runOsrun(['explain', guide, '--input', 'contaner=x'])).status).toBe(1)
})

test('--json is one plan a line', async () => {
  const { stdout } = await runOsrun(['explain', '--json', guide, 'recipes/catalog-list.yaml'])
  const plans = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Plan)
  expect(plans.map(({ file }) => file)).toEqual([guide, 'recipes/catalog-list.yaml'])
  expect(plans[0]?.steps.map(({ verb }) => verb)).toEqual([
    'authenticate',
    'pick-endpoint',
    'request',
    'assert',
    'revoke',
  ])
})

test('--keep-token leaves the tokens, --no-curl shows no lines, and --dry-run makes no report', async () => {
  const { stdout } = await runOsrun(['--dry-run', '--keep-token', '--no-curl', 'recipes/catalog-list.yaml'])
  expect(stdout).toContain('keep the token "token"')
  expect(stdout).not.toContain('curl')
  expect((await runOsrun(['--dry-run', '--report', 'json=-', guide])).status).toBe(1)
})
