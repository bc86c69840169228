import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recipeOf } from '../run/on-sandbox.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { exported } from './exported.ts'
import { ownPart, sharedFunctions } from './own-part.ts'
import { coverOf } from './script-cover.ts'
import { kindsOfCloud, ownSecret, shippedScripts } from './shipped-scripts.ts'

/** What shellcheck says of each script, by its name; nothing of one of which it says nothing. */
type Complaints = ReadonlyMap<string, readonly string[]>

// One process for all of them: each has its own part alone, and some are whole, so that each function is there once.
const scripts = new Map<string, string>()
let own: Complaints
let whole: Complaints
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-shellcheck-'))
  for (const kind of kindsOfCloud)
    for (const [file, script] of await shippedScripts(kind)) scripts.set(`${kind}/${file}`, script)
  const functions = new Map([...scripts].map(([name, script]) => [name, sharedFunctions(script)]))
  own = shellcheck(new Map([...scripts].map(([name, script]) => [name, ownPart(script)])))
  whole = shellcheck(new Map(coverOf(functions).map((name) => [name, scripts.get(name) ?? ''])))
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true }))

function shellcheck(texts: ReadonlyMap<string, string>): Complaints {
  for (const [name, script] of texts) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), script)
  }
  const { stdout, stderr, error } = spawnSync('shellcheck', ['--format=gcc', '--norc', ...texts.keys()], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  expect([error, stderr]).toEqual([undefined, ''])
  const lines = stdout.split('\n').filter((line) => line !== '')
  const complaints = new Map(
    [...texts.keys()].map((name) => [name, lines.filter((line) => line.startsWith(`${name}:`))]),
  )
  expect([...complaints.values()].flat()).toHaveLength(lines.length)
  return complaints
}

describe.each(kindsOfCloud)('exported with %s', (kind) => {
  test.each(shippedRecipes)('%s satisfies shellcheck and holds no secret', (file) => {
    expect(own.get(`${kind}/${file}`)).toEqual([])
    expect(scripts.get(`${kind}/${file}`)).not.toContain(ownSecret)
    expect(scripts.get(`${kind}/${file}`)).not.toContain('shellcheck disable')
  })
})

test('each function, as it is in any of these scripts, satisfies shellcheck in a whole script', () => {
  expect(whole.size).toBeGreaterThan(5)
  expect([...whole.values()].flat()).toEqual([])
})

test('versions of services and pages of lists satisfy shellcheck too', async () => {
  const recipe = await recipeOf(`osrun: 1\nname: versions\ninputs: { v: "2.1" }
steps:
  - authenticate:
  - pick-endpoint: { service: compute, version: "\${v}" }
  - request: { url: /servers, all-pages: true, microversion: "\${v}" }
    capture: { first: "$.servers[0].id" }
    defer: [{ request: { url: /flavors, all-pages: a.b } }]
  - assert: { md5: 00000000000000000000000000000000 }
`)
  expect(shellcheck(new Map([['versions', await exported(recipe)]])).get('versions')).toEqual([])
})
