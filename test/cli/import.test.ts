import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox } from '../run/on-sandbox.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { runOsrun } from './osrun.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'osrun-import-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a file becomes a recipe that check takes and that is not overwritten', async () => {
  const recipe = join(folder, 'guide.yaml')
  const made = await runOsrun(['import', 'test/fixtures/import/guide.sh', '-o', recipe])
  expect(made).toMatchObject({ status: 0, stdout: '' })
  expect(made.stderr).toMatch(/^note: test\/fixtures\/import\/guide\.sh:2:\d+ /)
  expect(await runOsrun(['check', recipe])).toMatchObject({ status: 0 })
  expect(await runOsrun(['import', 'test/fixtures/import/guide.sh', '-o', recipe])).toMatchObject({
    status: 1,
  })
  const again = await runOsrun(['import', '-q', '--force', 'test/fixtures/import/guide.sh', '-o', recipe])
  expect(again).toEqual({ status: 0, stdout: '', stderr: '' })
  expect(await readFile(recipe, 'utf8')).toContain('- pick-endpoint: object-store')
})

test('standard input is read when no file is named', async () => {
  const stdin = Readable.from([Buffer.from('curl https://example.org/a\n')])
  const { status, stdout } = await runOsrun(['import'], {}, { stdin })
  expect(status).toBe(0)
  expect(stdout).toContain('- request: GET https://example.org/a\n')
})

test('a configured cloud is asked for its catalog, and its token is revoked', async () => {
  await using sandbox = await closing(startSandbox({ record: true }))
  await writeFile(
    join(folder, 'line.sh'),
    `curl -I ${sandbox.url}/v1/AUTH_x/photos -H "X-Auth-Token: $token"\n`,
  )
  const { status, stderr } = await runOsrun(['import', join(folder, 'line.sh')], sandbox.environment)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(sandbox.requests.length).toBeGreaterThan(0)
  expect(sandbox.liveTokens()).toEqual([])
  const asked = sandbox.requests.length
  await runOsrun(['import', '--offline', join(folder, 'line.sh')], sandbox.environment)
  expect(sandbox.requests.length).toBe(asked)
})

test.each([
  ['a file that is not there', ['import', 'nowhere.sh'], 1],
  ['a folder', ['import', 'recipes'], 1],
  ['an unknown kind', ['import', '--from', 'wget', 'README.md'], 1],
  ['a file of another kind', ['import', 'package.json'], 2],
  [
    'a place that cannot be written',
    ['import', 'test/fixtures/import/guide.sh', '-o', '/dev/null/x.yaml'],
    1,
  ],
  ['a cloud that is not known', ['import', '--cloud', 'nimbus', 'test/fixtures/import/guide.sh'], 1],
])('%s is one clear message', async (_what, args, wanted) => {
  const { status, stdout, stderr } = await runOsrun(args)
  expect({ status, stdout }).toEqual({ status: wanted, stdout: '' })
  expect(stderr).not.toMatch(/^\s+at /m)
  assertNoSecret(stderr, args.join(' '))
})

async function closing<T extends { close(): Promise<void> }>(
  opening: Promise<T>,
): Promise<T & AsyncDisposable> {
  const opened = await opening
  return Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() })
}
