import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox } from '../run/on-sandbox.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { runOsrun } from './osrun.ts'

const recipe = 'recipes/object-metadata.yaml'
let folder: string
let file: string
let live: Awaited<ReturnType<typeof runOsrun>>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-recording-'))
  file = join(folder, 'run.ndjson')
  await using sandbox = await startSandbox()
  live = await runOsrun([recipe, '-vv', '--record', file], sandbox.environment)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What is printed, without what time passed, which comes last, and the size of a login, which is that of its secret. */
function constant(text: string): string {
  const [told = ''] = text.split('the slowest steps:')
  return told.replace(/\d+(\.\d+)? m?s\b/g, 'TIME').replace(/(> Content-Length: )\d*/g, '$1')
}

test('a run is recorded in a file that its owner alone can read, without a secret', () => {
  expect(live.status).toBe(0)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  assertNoSecret(readFileSync(file, 'utf8'), 'the recording')
})

test('it is replayed without a cloud: the same is printed, and a note says that nothing is sent', async () => {
  const again = await runOsrun([recipe, '-vv', '--replay', file])
  expect(again.status).toBe(0)
  expect(constant(again.stdout)).toBe(constant(live.stdout))
  expect(again.stderr).toContain('nothing is sent')
})

test('osrun docs writes the same hand-out of a recording as export does of a run', async () => {
  const path = join(folder, 'guide.md')
  expect(await runOsrun(['docs', recipe, '--replay', file, '-o', path])).toMatchObject({ status: 0 })
  const exported = await runOsrun(['export', '--format', 'markdown', '--sandbox', recipe])
  const headings = (text: string): readonly string[] => text.match(/^#.*|^\d{3} .*/gm) ?? []
  expect(headings(readFileSync(path, 'utf8'))).toEqual(headings(exported.stdout))
  expect(headings(exported.stdout).length).toBeGreaterThan(5)
})

test.each([
  ['USAGE_INVALID', ['--replay', 'FILE', '--cloud', 'mycloud']],
  ['USAGE_INVALID', ['--replay', 'FILE', '--sandbox']],
  ['USAGE_INVALID', ['--replay', 'FILE', '--os-username', 'me']],
  ['USAGE_INVALID', ['--replay', 'FILE', '--via', 'curl']],
  ['USAGE_INVALID', ['--replay', 'FILE', '--record', 'other']],
  ['USAGE_INVALID', ['--replay', 'FILE', '--input', 'container=a']],
  ['FILE_UNREADABLE', ['--replay', 'package.json/run.ndjson']],
  ['RECORDING_INVALID', ['--replay', recipe]],
  ['FILE_UNWRITABLE', ['--sandbox', '--record', 'package.json/run.ndjson']],
])('%s for %s', async (code, flags) => {
  const { status, stderr } = await runOsrun([recipe, ...flags.map((flag) => (flag === 'FILE' ? file : flag))])
  expect(stderr).toContain(code)
  expect(status).toBe(1)
})

test('a cut file is told in one message, with its line', async () => {
  const cut = join(folder, 'cut.ndjson')
  writeFileSync(cut, readFileSync(file, 'utf8').slice(0, -100))
  const { status, stderr } = await runOsrun([recipe, '--replay', cut])
  expect(stderr.match(/RECORDING_INVALID/g)).toHaveLength(1)
  expect(stderr).toMatch(/cut or damaged in line \d/)
  expect(status).toBe(1)
})
