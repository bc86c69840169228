import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runOsrun } from './osrun.ts'

const recipe = (name: string) => `osrun: 1\nname: ${name}\nsteps:\n  - pause: 1ms\n`
const files: Readonly<Record<string, string | Buffer>> = {
  'one.yaml': recipe('One'),
  'sub/two.yml': recipe('Two'),
  'sub/flow.yaml': '{ "osrun": 1, name: Flow, steps: [{ pause: 1ms }] }\n',
  'sub/bom.yaml': `\ufeff${recipe('Marked')}`,
  'clouds.yaml': 'clouds: {}\n',
  'list.yaml': '- osrun: 1\n',
  'sub/compose.yml': 'services:\n  osrun: {}\n',
  'node_modules/own.yaml': recipe('Of a package'),
  '.github/ci.yaml': recipe('Hidden'),
  '.hidden.yaml': recipe('Hidden'),
  '_part.yaml': recipe('Part'),
}
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-recipes-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  mkdirSync(join(folder, 'none'))
  writeFileSync(join(folder, 'none/other.yaml'), 'a: 1\n')
})
afterAll(() => rmSync(folder, { recursive: true }))
const osrun = (args: readonly string[], stdin = '') =>
  runOsrun(args, {}, { cwd: folder, stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]) })

test('the recipes of a folder are those with a key "osrun" at the top; what is passed over is one note', async () => {
  const { status, stdout, stderr } = await osrun(['check', '.'])
  expect(stdout.split('\n').map((line) => line.split(':')[0])).toEqual([
    'one.yaml',
    'sub/bom.yaml',
    'sub/flow.yaml',
    'sub/two.yml',
    '',
  ])
  expect(stderr).toBe(
    'note: Passed over, as no recipes without a key "osrun" at the top: "clouds.yaml", "list.yaml", "none/other.yaml" and 1 more.\n',
  )
  expect(status).toBe(0)
})

test('a folder without a recipe says what it has', async () => {
  const { status, stderr } = await osrun(['run', '--sandbox', 'none'])
  expect(stderr).toContain(
    'The folder "none" holds no recipe: "none/other.yaml" has no key "osrun" at the top.',
  )
  expect(status).toBe(2)
})

test('a file that is named is checked, whatever it is', async () => {
  expect((await osrun(['check', 'clouds.yaml'])).status).toBe(2)
})

test.each([
  ['oen.yaml', 'Did you mean "one.yaml"?'],
  ['sub/tow.yml', 'Did you mean "sub/two.yml"?'],
  ['subb', 'Did you mean "sub"?'],
  ['qqqqqqqqqqqqqqq.yaml', ''],
])('%s is not there: %s', async (path, hint) => {
  const { status, stderr } = await osrun(['check', path])
  expect(stderr).toContain(`There is no recipe "${path}".`)
  if (hint === '') expect(stderr).not.toContain('Did you mean')
  else expect(stderr).toContain(hint)
  expect(status).toBe(2)
})

test.each([
  ['run', ['run', '--sandbox', '-']],
  ['its short form', ['--sandbox', '-']],
  ['check', ['check', '-']],
  ['explain', ['explain', '--sandbox', '-']],
  ['export', ['export', '-']],
  ['one recipe named twice', ['check', '-', '-']],
])('%s reads a recipe from standard input', async (_name, args) => {
  expect(await osrun(args, recipe('Piped'))).toMatchObject({ status: 0 })
  const { status, stderr } = await osrun(args, recipe('Piped').replace('pause', 'pose'))
  expect(stderr).toContain('-:4:')
  expect(status).toBe(2)
})

test('standard input cannot be watched', async () => {
  const { status, stderr } = await osrun(['run', '--watch', '--sandbox', '-'], recipe('Piped'))
  expect(stderr).toContain('Standard input cannot be watched.')
  expect(status).toBe(1)
})

test.each([
  [
    ['junit=-', 'tap=-'],
    [],
    'The report junit and the report tap cannot both be written to standard output.',
  ],
  [['junit=a', 'tap=./a'], [], 'The report junit and the report tap cannot both be written to "./a".'],
  [['json=r'], ['--record', 'r'], 'The report json and the recording cannot both be written to "r".'],
])('reports %j %j are refused before anything is sent', async (reports, more, message) => {
  const flags = reports.flatMap((report) => ['--report', report])
  const { status, stdout, stderr } = await osrun(['run', '--sandbox', 'one.yaml', ...flags, ...more])
  expect(stderr).toContain(message)
  expect(stdout).toBe('')
  expect(status).toBe(1)
})
