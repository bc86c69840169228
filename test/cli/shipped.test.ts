import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { examples } from '../../src/cli/program.ts'
import { shippedNames } from '../../src/cli/recipes/shipped.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { runOsrun } from './osrun.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-shipped-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const osrun = (...words: readonly string[]) => runOsrun(words, { XDG_STATE_HOME: folder }, { cwd: folder })

describe('a recipe that comes with the program, from a folder that has none', () => {
  test.each([
    ['object-metadata', 'object-metadata'],
    ['object-metadata.yaml', 'object-metadata'],
    ['recipes/object-metadata.yaml', 'object-metadata'],
    ['smoke/temp-url', 'smoke/temp-url'],
  ])('%s is run as %s', async (word, name) => {
    const { status, stdout, stderr } = await osrun('--sandbox', word, '--report', 'junit=r.xml')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout.split('\n')[0]).toContain(` ${name} on sandbox`)
    const classes = readFileSync(join(folder, 'r.xml'), 'utf8').match(/classname="[^"]*"/g)
    expect(new Set(classes)).toEqual(new Set([`classname="${name}"`]))
  })

  test('a folder of them is one too, and smoke names them the same', async () => {
    const list = async (...words: readonly string[]) => (await osrun(...words, '--list')).stdout
    expect(await list('run', 'smoke')).toBe(await list('smoke'))
    expect(await list('smoke')).toMatch(/^smoke\/bulk-delete +One request/m)
  })

  test('what is there goes first', async () => {
    writeFileSync(join(folder, 'object-metadata'), 'osrun: 1\nname: Mine\nsteps:\n  - pause: 1ms\n')
    expect((await osrun('--sandbox', 'object-metadata')).stdout).toContain('Mine')
    mkdirSync(join(folder, 'smoke'))
    expect(await osrun('run', 'smoke')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('holds no .yaml'),
    })
  })

  test('a name that nearly is one is told', async () => {
    const { status, stderr } = await osrun('objct-metadata')
    expect(status).toBe(2)
    expect(stderr).toMatch(/There is no recipe "objct-metadata"[\s\S]*Did you mean object-metadata\?/)
  })

  test.each(['../package', 'recipes', '.', 'smoke/../../package.json', '_parts'])(
    '%s is none',
    async (word) => {
      expect((await osrun('run', word)).status).toBe(2)
    },
  )

  test('its inputs and its name are completed', async () => {
    expect((await osrun('__complete', '--', 'run', 'smoke/tls')).stdout).toContain('smoke/tls-expiry')
    expect((await osrun('__complete', '--', 'run', 'smoke/tls-expiry', '--input', '')).stdout).toContain(
      'days=',
    )
  })
})

test('each name is one recipe, and all have one', async () => {
  const names = await shippedNames()
  expect(new Set(names).size).toBe(names.length)
  expect(names.filter((name) => !name.startsWith('cards/')).toSorted()).toEqual(
    shippedRecipes.map((file) => file.replace(/\.yaml$/, '')).toSorted(),
  )
})

test('list shows them in groups, by tag, and the recipes of a folder', async () => {
  const { stdout } = await osrun('list')
  expect(stdout.match(/^\S.*$/gm)).toHaveLength(4)
  expect(stdout.match(/^ {2}\S+ /gm)?.length).toBeGreaterThan(shippedRecipes.length)
  expect((await osrun('list', '--tag', 'temp-url')).stdout).toMatch(
    /^Checks[^\n]*\n {2}smoke\/temp-url [^\n]*\n/,
  )
  writeFileSync(join(folder, 'own.yaml'), 'osrun: 1\nname: Mine\nsteps:\n  - pause: 1ms\n')
  expect((await osrun('list', '.')).stdout).toBe('own.yaml  Mine\n')
})

test('new --from copies one, which is right where it stands then', async () => {
  expect(await osrun('new', '--from', 'smoke/temp-url', 'own.yaml')).toMatchObject({ status: 0 })
  expect(readFileSync(join(folder, 'own.yaml'), 'utf8')).not.toContain('yaml-language-server')
  expect((await osrun('check', 'own.yaml')).stdout).toMatch(/^own\.yaml: good/)
  expect((await osrun('new', '--from', 'smoke/temp-ur', 'other.yaml')).stderr).toContain(
    'Did you mean smoke/temp-url?',
  )
})

const onSandbox = examples
  .map(([line]) => line)
  .filter((line) => line.includes('--sandbox') || line.endsWith(' list'))
test.each(onSandbox)('the example of the help passes in an empty folder: %s', async (line) => {
  expect(await osrun(...line.split(' ').slice(1))).toMatchObject({ status: 0, stderr: '' })
})
