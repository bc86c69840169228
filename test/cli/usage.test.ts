import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { visibleCommands } from '../../src/cli/visible-commands.ts'
import { memoryIo } from './memory-io.ts'
import { runOsrun } from './osrun.ts'

const guide = 'recipes/object-metadata.yaml'
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('without a cloud nothing is run, and the three ways out are told', async () => {
  expect(await runOsrun([guide])).toEqual({
    status: 1,
    stdout: '',
    stderr: `CLOUD_MISSING No cloud is configured. There is nothing to ask.
  try: Three ways out: --cloud NAME (or OS_CLOUD) for an entry of clouds.yaml;
  --openrc FILE or OS_* variables; --sandbox for the small cloud that is built
  in.
`,
  })
})

describe('wrong usage ends with status 1 and one message', () => {
  test.each([
    [['--sandbx', guide], "USAGE_INVALID Unknown option '--sandbx'.", 'Did you mean --sandbox?'],
    [['--sandbox', guide, '--input', 'contaner=a'], 'INPUT_UNKNOWN', 'Did you mean container?'],
    [
      ['--sandbox', guide, '--input', 'container'],
      'USAGE_INVALID --input takes name=value',
      'container=photos',
    ],
    [
      ['--sandbox', guide, '--inputs', 'package.json/absent.yaml'],
      'FILE_UNREADABLE',
      'package.json/absent.yaml',
    ],
    [['--sandbox', guide, '--report', 'pdf=x'], 'no report of kind "pdf"', 'json, junit'],
    [['--sandbox', guide, '--report', 'json'], 'USAGE_INVALID', '--report'],
    [['--sandbox', guide, '--deadline', 'soon'], '--deadline takes a duration', '90s'],
    [['--sandbox', '--cloud', 'mine', guide], '--sandbox and --cloud both name a cloud', 'Leave one'],
    [
      ['--sandbox', 'recipes', '--tag', 'nothing'],
      'recipes is chosen.',
      'Tags there are: admin, alias-type, ',
    ],
    [['--sandbox', 'recipes', '--shard', '3/2'], '--shard takes a part such as 2/4, and got "3/2"', '1'],
    [['--sandbox', 'recipes', '--jobs', 'many'], '--jobs takes a number from 1 to 9999', ''],
    [['chek', 'recipes'], 'neither a command nor a recipe "chek"', 'osrun check'],
    [['--openrc', 'package.json/absent.sh', guide], 'package.json/absent.sh', ''],
    [['--cloud', 'nowhere', guide], 'nowhere', 'clouds.yaml'],
    [['--cloud', '--jobs', '8', guide], '--cloud needs a value, and "--jobs" is a flag', '--cloud=--jobs'],
    [['-i', '--cloud', 'mine', guide], '-i needs a value, and "--cloud" is a flag', '--input=--cloud'],
    [['--cloud=--jobs', guide], 'Cloud --jobs was not found', 'clouds.yaml'],
    [['--sandbox', '--region'], "Option '--region <name>' argument missing", 'osrun run --help'],
  ])('osrun %s', async (args, message, hint) => {
    const { status, stdout, stderr } = await runOsrun(args)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(stderr.replaceAll('\n  ', ' ')).toContain(hint)
    expect(stderr).not.toMatch(/^\s+at |node:internal/m)
    expect(status).toBe(1)
  })
})

test('osrun alone says what it is, how to begin and where to go, in a few lines', async () => {
  const { status, stdout } = await runOsrun([])
  expect(status).toBe(1)
  expect(stdout).toContain('osrun --sandbox object-metadata')
  expect(stdout).toContain('osrun --help')
  expect(stdout.split('\n').length).toBeLessThan(25)
})

test('no line of a help text is longer than a terminal of 80 columns, nor a word cut', async () => {
  const program = await createProgram({ io: memoryIo().io, setStatus() {} })
  for (const command of [[], ...visibleCommands(program).map((one) => [one.name()])]) {
    const { stdout } = await runOsrun([...command, '--help'])
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  }
})

test('osrun --version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string }
  expect(await runOsrun(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
})

test('osrun check looks at whole folders and sends nothing', async () => {
  const { status, stdout, stderr } = await runOsrun(['check', 'recipes'], {
    http_proxy: 'http://127.0.0.1:1',
  })
  expect(stdout.trim().split('\n').length).toBeGreaterThanOrEqual(7)
  expect(stdout).toContain('recipes/object-metadata.yaml: good, 5 steps\n')
  expect(stderr).toBe('')
  expect(status).toBe(0)
})

test('osrun check tells of every problem of every file, with status 2', async () => {
  const { status, stderr } = await runOsrun(['check', 'test/fixtures/broken'])
  expect(status).toBe(2)
  expect(stderr.match(/^test\/fixtures\/broken\/\S+:\d+:\d+ [A-Z_]+ /gm)?.length).toBeGreaterThanOrEqual(65)
  expect(stderr).toMatch(/\d+ problems in \d+ files\n$/)
})

test('a broken recipe among several is told before anything is sent', async () => {
  const { status, stdout, stderr } = await runOsrun([
    '--sandbox',
    guide,
    'test/fixtures/broken/id-twice.yaml',
  ])
  expect(status).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain('test/fixtures/broken/id-twice.yaml:6:9 RECIPE_INVALID')
})

test('osrun schema prints what recipe.schema.json holds', async () => {
  const { status, stdout } = await runOsrun(['schema'])
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync('recipe.schema.json', 'utf8')))
})

test('osrun cloud tells where each value comes from, and no secret', async () => {
  const openrc = join(folder, 'openrc.sh')
  writeFileSync(
    openrc,
    "export OS_AUTH_URL=http://127.0.0.1:1/v3\nexport OS_USERNAME=me\nexport OS_PASSWORD='hush-hush'\n",
  )
  const { status, stdout } = await runOsrun(['cloud', '--openrc', openrc, '--region', 'GRA'])
  expect(status).toBe(0)
  expect(stdout).toMatch(/region_name +GRA +--region/)
  expect(stdout).toMatch(/username +me +\S*openrc\.sh:2/)
  expect(stdout).toMatch(/password +\*\*\* +/)
  expect(stdout).not.toContain('hush')
})

test("openstackclient's names of flags mean what they mean there, and of two the last one counts", async () => {
  const environment = {
    OS_AUTH_URL: 'http://k.test/v3',
    OS_USERNAME: 'demo',
    OS_PASSWORD: 'x',
    OS_PROJECT_ID: 'p',
  }
  const flags = [
    '--region',
    'GRA1',
    '--os-region-name',
    'SBG1',
    '--os-interface',
    'internal',
    '--os-cacert',
    'ca.pem',
  ]
  const { status, stdout } = await runOsrun(['cloud', ...flags], environment)
  expect(status).toBe(0)
  expect(stdout).toMatch(/^ {2}region_name +SBG1 +--region$/m)
  expect(stdout).toMatch(/^ {2}interface +internal +--interface$/m)
  expect(stdout).toMatch(/^ {2}cacert +ca\.pem +--cacert$/m)
})
