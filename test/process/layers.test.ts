import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const layers = [
  'model',
  'util',
  'recipe',
  'openstack',
  'http',
  'secrets',
  'sandbox',
  'steps',
  'report',
  'import',
  'export',
  'run',
  'web',
  'library',
  'cli',
]
/** What each layer may import from, as CONTRIBUTING.md says. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  model: [],
  util: [],
  recipe: ['model', 'util'],
  openstack: ['model', 'util'],
  http: ['model', 'util'],
  secrets: ['model', 'util'],
  sandbox: [],
  steps: ['model', 'util', 'recipe', 'openstack'],
  report: ['model', 'util'],
  import: ['model', 'util', 'recipe', 'openstack', 'secrets'],
  export: ['model', 'util', 'recipe', 'openstack', 'http'],
  run: ['model', 'util', 'recipe', 'openstack', 'http', 'secrets', 'steps'],
  web: ['model', 'util', 'recipe', 'report', 'run'],
  library: ['model', 'recipe', 'openstack', 'http', 'secrets', 'sandbox', 'steps', 'run'],
  cli: layers.filter((layer) => layer !== 'library'),
}

const transportImports = (path: string): string =>
  ['undici/undici-transport', 'curl/curl-transport']
    .map((name) => `export * from '${path}/http/${name}.ts'\n`)
    .join('')

/** The faces of a verb that no run needs, and what they may import from. */
const faces = ['explain', 'shell', 'plain']
const allowedFaces = ['model', 'util', 'recipe', 'openstack', 'http', 'export', 'steps']

const others = (layer: string): readonly string[] => layers.filter((other) => other !== layer)

// A tree of canaries under the project's own rules: each layer imports all others and Node's process, and touches that.
function sing(): string {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-layers-'))
  try {
    cpSync('biome.json', join(folder, 'biome.json'))
    for (const layer of layers) {
      mkdirSync(join(folder, 'src', layer), { recursive: true })
      const imports = others(layer).map((other) => `import '../${other}/canary.ts'\n`)
      writeFileSync(
        join(folder, 'src', layer, 'canary.ts'),
        `${imports.join('')}import 'node:process'\nprocess.exitCode = console.length\n`,
      )
    }
    const end = join(folder, 'src', 'run', 'send')
    mkdirSync(end)
    for (const [name, path] of [
      ...layers.map((layer) => [layer, '..'] as const),
      ['run/send', '../..'] as const,
    ])
      writeFileSync(join(folder, 'src', name, 'transports.ts'), transportImports(path))
    writeFileSync(join(end, 'road.ts'), transportImports('../..'))
    mkdirSync(join(folder, 'src', 'cli', 'learn'))
    writeFileSync(
      join(folder, 'src', 'cli', 'learn', 'canary.ts'),
      [...layers.map((layer) => `../../${layer}/canary.ts`), '../commands/canary.ts', 'node:process']
        .map((path) => `import '${path}'\n`)
        .join(''),
    )
    const verb = join(folder, 'src', 'steps', 'wait')
    mkdirSync(verb)
    const above = layers.map((layer) => `import '../../${layer}/canary.ts'\n`).join('')
    for (const face of faces) writeFileSync(join(verb, `${face}.ts`), above)
    writeFileSync(join(verb, 'verb.ts'), `${above}import '../../export/verb-faces.ts'\n`)
    writeFileSync(
      join(folder, 'src', 'steps', 'index.ts'),
      "import './run/verb.ts'\nimport '../run/verb.ts'\n",
    )
    const lines = (count: number): string => 'again()\n'.repeat(count)
    writeFileSync(join(end, 'long-function.ts'), `export function again(): void {\n${lines(81)}}\n`)
    writeFileSync(join(end, 'long-file.ts'), `export function again(): void {}\n${lines(250)}`)
    writeFileSync(
      join(end, 'many-arguments.ts'),
      'export const sum = (a: 1, b: 2, c: 3, d: 4, e: 5) => [a, b, c, d, e]\n',
    )
    for (const [name, other] of ['ab', 'ba'])
      writeFileSync(
        join(end, `circle-${name}.ts`),
        `import type { T as Other } from './circle-${other}.ts'\nexport type T = Other | '${name}'\n`,
      )
    const { stdout, stderr } = spawnSync(
      join(process.cwd(), 'node_modules/.bin/biome'),
      ['lint', '--colors=off', '--max-diagnostics=none', 'src'],
      { cwd: folder, encoding: 'utf8' },
    )
    return stdout + stderr
  } finally {
    rmSync(folder, { recursive: true })
  }
}
const told = sing()

// The layers that a file which imports all of them in their order may not import.
function refusedIn(file: string): readonly string[] {
  const refused = told.matchAll(
    new RegExp(`^src/${file}\\.ts:(\\d+):\\d+ lint/style/noRestrictedImports`, 'gm'),
  )
  const lines = new Set([...refused].map(([, line]) => Number(line)))
  return layers.filter((_, index) => lines.has(index + 1))
}

test('every folder of the sources is a layer', () => {
  const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.map(({ name }) => name).sort()).toEqual([...layers].sort())
})

test('a file of cli/learn asks clouds through run alone', () => {
  const refused = [
    ...told.matchAll(/^src\/cli\/learn\/canary\.ts:(\d+):\d+ lint\/style\/noRestrictedImports/gm),
  ]
  const imported = [...layers, 'commands', 'node:process']
  expect(refused.map(([, line]) => imported[Number(line) - 1]).sort()).toEqual([
    'commands',
    'http',
    'import',
    'library',
    'node:process',
    'openstack',
    'sandbox',
  ])
})

test('a transport is imported by the end of the road alone', () => {
  const refused = told.matchAll(
    /^(src\/(?:\w+\/)*(?:transports|road)\.ts):[12]:\d+ lint\/style\/noRestrictedImports/gm,
  )
  const counts = new Map<string | undefined, number>()
  for (const [, file] of refused) counts.set(file, (counts.get(file) ?? 0) + 1)
  const below = layers.filter((layer) => layer !== 'http').map((layer) => `src/${layer}/transports.ts`)
  expect([...counts].sort()).toEqual([...below, 'src/run/send/road.ts'].sort().map((file) => [file, 2]))
})

test.each(faces)('the face %s of a verb may import what exports are made of', (face) => {
  expect(refusedIn(`steps/wait/${face}`)).toEqual(layers.filter((layer) => !allowedFaces.includes(layer)))
})

test('a verb itself knows of exports only what its faces are, and the registry none of the layer that has the name of a verb', () => {
  const wanted = layers.filter((layer) => layer !== 'steps' && allowed.steps?.includes(layer) !== true)
  expect(refusedIn('steps/wait/verb')).toEqual(wanted)
  expect(told).not.toMatch(/^src\/steps\/index\.ts:1:\d+ lint\/style\/noRestrictedImports/m)
  expect(told).toMatch(/^src\/steps\/index\.ts:2:\d+ lint\/style\/noRestrictedImports/m)
})

test('types that import each other are a cycle, too', () => {
  const refused = told.matchAll(/^src\/run\/send\/circle-(\w)\.ts:1:\d+ lint\/suspicious\/noImportCycles/gm)
  expect([...refused].map(([, name]) => name).sort()).toEqual(['a', 'b'])
})

test.each([
  ['long-function', 'a function of more than 80 lines', 'complexity/noExcessiveLinesPerFunction'],
  ['long-file', 'a file of more than 250 lines', 'style/noExcessiveLinesPerFile'],
  ['many-arguments', 'a function of more than four arguments', 'complexity/useMaxParams'],
])('%s is refused: %s', (file, _what, rule) => {
  const rules = [...told.matchAll(new RegExp(`^src/run/send/${file}\\.ts:\\d+:\\d+ lint/(\\S+)`, 'gm'))]
  expect(rules.map(([, found]) => found)).toEqual([rule])
})

describe.each(layers)('a file of %s', (layer) => {
  const rules = [...told.matchAll(new RegExp(`^src/${layer}/canary\\.ts:(\\d+):\\d+ lint/(\\S+)`, 'gm'))]

  test('may import from the layers above its own, and from no other', () => {
    const refused = rules
      .filter(([, , rule]) => rule === 'style/noRestrictedImports')
      .map(([, line]) => [...others(layer), 'node:process'][Number(line) - 1])
    const wanted = others(layer).filter((other) => allowed[layer]?.includes(other) !== true)
    // The command line has its process as an io; below it, http and run end groups of processes by one function of Node.
    expect(refused.sort()).toEqual([...wanted, ...(layer === 'cli' ? ['node:process'] : [])].sort())
  })

  test('touches neither the process nor the console', () => {
    expect(rules.filter(([, , rule]) => rule === 'style/noRestrictedGlobals')).toHaveLength(2)
  })

  test('may not be in a cycle of imports', () => {
    expect(rules.map(([, , rule]) => rule)).toContain('suspicious/noImportCycles')
  })
})
