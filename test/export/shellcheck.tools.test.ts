import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FrameParts, frame } from '../../src/export/shell/frame.ts'
import { helperTexts } from '../../src/export/shell/helpers/helper-texts.ts'
import { type HelperName, helpers } from '../../src/export/shell/helpers/helpers.ts'
import { recipeOf } from '../run/on-sandbox.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { exported } from './exported.ts'
import { ownPart } from './own-part.ts'
import { kindsOfCloud, ownSecret, shippedScripts } from './shipped-scripts.ts'

/** What shellcheck says of each script, by its name; nothing of one of which it says nothing. */
type Complaints = ReadonlyMap<string, readonly string[]>

// One process for the scripts of all recipes: one file each, which has its own part alone, of each kind of cloud.
const scripts = new Map<string, ReadonlyMap<string, string>>()
let complaints: Complaints
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-shellcheck-'))
  for (const kind of kindsOfCloud) scripts.set(kind, await shippedScripts(kind))
  complaints = shellcheck(new Map(shippedRecipes.map((file) => [file, ownParts(file)])))
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true }))

// The own part of a recipe's script for no cloud, and after that what its scripts for others have beyond it; of functions
// with one name the last alone could be reached.
function ownParts(file: string): string {
  const known = new Set<string>()
  const texts = kindsOfCloud.flatMap((kind, index) => {
    const paragraphs = ownPart(scripts.get(kind)?.get(file) ?? '').split(/\n\n+/)
    const own = paragraphs.filter((text) => !known.has(text))
    for (const text of own) known.add(text)
    return own.map((text) =>
      text.replaceAll(/\bauth_body(?=_\d|\b)/g, `auth_body_${'of_another_'.repeat(index)}`),
    )
  })
  return texts.join('\n\n')
}

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
    const script = scripts.get(kind)?.get(file) ?? ''
    expect(complaints.get(file)).toEqual([])
    expect(script).not.toContain(ownSecret)
    expect(script).not.toContain('shellcheck disable')
  })
})

// With all that a script may have to do besides its steps, and with nothing of that.
test.each([true, false])('the functions of all scripts together satisfy shellcheck: %s', (has) => {
  const parts: FrameParts = {
    tokens: has,
    renews: has,
    deferred: has,
    keeps: has,
    polls: has,
    retries: has,
    runId: has,
    signs: has,
    hashes: has,
    certificates: has,
    credentials: has,
  }
  const texts = helperTexts(new Set(Object.keys(helpers) as HelperName[]), parts)
  // Only steps use them.
  const names = ['run_id', ...texts.flatMap((text) => /^jq_\w+(?==)/m.exec(text) ?? [])]
  const steps = `: ${names.map((name) => `"\${${name}-}"`).join(' ')}`
  const script = ['#!/bin/sh\nset -u', frame(parts), ...texts, steps].join('\n\n')
  expect(shellcheck(new Map([['functions', script]])).get('functions')).toEqual([])
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
