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

test('types that import each other are a cycle, too', () => {
  const refused = told.matchAll(/^src\/run\/send\/circle-(\w)\.ts:1:\d+ lint\/suspicious\/noImportCycles/gm)
  expect([...refused].map(([, name]) => name).sort()).toEqual(['a', 'b'])
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
