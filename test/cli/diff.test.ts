import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runOsrun } from './osrun.ts'

let folder: string
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-diff-'))
  const recipe = (path: string): string =>
    `osrun: 1\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n  - id: get\n    request: { url: GET ${path}, expect: [200, 404] }\n`
  for (const [name, path] of [
    ['one', '/?format=json'],
    ['same', '/?format=json'],
    ['other', '/absent'],
  ] as const) {
    writeFileSync(at('recipe.yaml'), recipe(path))
    const reports = [`json=${at(`${name}.json`)}`, `har=${at('run.har')}`, `junit=${at('junit.xml')}`]
    const { status } = await runOsrun([
      'run',
      '--sandbox',
      at('recipe.yaml'),
      ...reports.flatMap((report) => ['--report', report]),
    ])
    expect(status).toBe(0)
  }
  writeFileSync(at('array.json'), '[]')
  writeFileSync(at('null.json'), 'null')
  mkdirSync(at('folder'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const diff = (before: string, after: string, ...flags: readonly string[]): ReturnType<typeof runOsrun> =>
  runOsrun(['diff', at(before), at(after), ...flags])

test('two runs of the same recipe are the same', async () => {
  const same = { status: 0, stdout: 'The runs are the same.\n', stderr: '' }
  // How long a step took is no matter of this test.
  expect(await diff('one.json', 'same.json', '--factor', '1e9')).toEqual(same)
})

test('another status is told beneath its step', async () => {
  const { status, stdout, stderr } = await diff('one.json', 'other.json')
  expect({ status, stderr }).toEqual({ status: 4, stderr: '' })
  expect(stdout).toContain(`${at('recipe.yaml')} get\n`)
  expect(stdout).toContain('  exchanges.0.status\n    - 200\n    + 404\n')
  expect(stdout).toMatch(/\n\d+ differences\n$/)
})

test('as JSON, and without the paths that are ignored', async () => {
  const all = await diff('one.json', 'other.json', '--json')
  expect(all.status).toBe(4)
  expect(JSON.parse(all.stdout).differences).toContainEqual({
    file: at('recipe.yaml'),
    step: 'get',
    path: 'exchanges.0.status',
    before: '200',
    after: '404',
  })
  const none = await diff('one.json', 'other.json', '--json', '--ignore', 'exchanges', '--ignore', 'duration')
  expect({ ...none, stdout: JSON.parse(none.stdout) }).toEqual({
    status: 0,
    stdout: { differences: [] },
    stderr: '',
  })
})

test.each([
  ['junit.xml', 'USAGE_INVALID'],
  ['run.har', 'USAGE_INVALID'],
  ['array.json', 'USAGE_INVALID'],
  ['null.json', 'USAGE_INVALID'],
  ['missing.json', 'FILE_UNREADABLE'],
  ['folder', 'FILE_UNREADABLE'],
])('%s is refused on either side, in one message', async (bad, code) => {
  for (const pair of [['one.json', bad] as const, [bad, 'one.json'] as const, [bad, bad] as const]) {
    const { status, stdout, stderr } = await diff(...pair)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr.match(/\b[A-Z]+_[A-Z]+ /g)).toEqual([`${code} `])
    expect(stderr).not.toMatch(/^ +at /m)
  }
})
