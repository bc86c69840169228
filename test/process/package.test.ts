import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox } from '../../src/library/sandbox.ts'
import { blocksOf } from '../docs/blocks.ts'
import { libraryEntries, namesOf } from '../docs/library-names.ts'

// What a user gets: the packed tarball, installed in a folder of its own. What it depends on comes out of the cache of the
// `npm ci` that set up this project, in the same versions, so that no registry is asked.
const run = promisify(execFile)
const root = process.cwd()
const { PATH, HOME, npm_config_cache } = process.env
let folder: string
let installed: string
let packed: readonly string[]
const inFolder = (command: string, ...args: readonly string[]) =>
  run(command, args, {
    cwd: folder,
    env: { PATH, HOME, npm_config_cache, XDG_STATE_HOME: folder },
  })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-package-'))
  installed = join(folder, 'node_modules', 'osrun')
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: projectWithoutScripts(),
  })
  packed = [stdout.match(/"path": "[^"]+"/g) ?? []].flat().map((entry) => entry.slice('"path": "'.length, -1))
  const [tarball = ''] = readdirSync(folder).filter((file) => file.endsWith('.tgz'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', ...dependencyOn(tarball) }))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lockOf(tarball)))
  await inFolder('npm', 'ci', '--offline', '--no-audit', '--no-fund')
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true }))

test('the program starts, runs a recipe on the sandbox and is as its package says', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string }
  const osrun = join(folder, 'node_modules', '.bin', 'osrun')
  expect((await inFolder(osrun, '--version')).stdout).toBe(`${version}\n`)
  const { stdout } = await inFolder(osrun, '--sandbox', 'node_modules/osrun/recipes/object-metadata.yaml')
  expect(stdout).toMatch(/passed, 5 of 5 steps/)
  // What keeps it is a package with binaries.
  await inFolder(osrun, 'sandbox', '--data', 'kept', '--', process.execPath, '--version')
  expect(readdirSync(join(folder, 'kept', 'records'))).toContain('CURRENT')
})

test('the library runs a recipe in a program of its user, whose types are checked strictly', async () => {
  writeFileSync(
    join(folder, 'user.ts'),
    `import { connect, loadRecipe, type Cloud, type CloudSources, OsrunError, resolveCloud, runRecipe, type RunResult, surroundings } from 'osrun'
import { startSandbox } from 'osrun/sandbox'

await using sandbox = await startSandbox()
const sources: CloudSources = { ...surroundings(process), environment: sandbox.environment, flags: {} }
const cloud: Cloud = await resolveCloud(sources)
const run = runRecipe(await loadRecipe('node_modules/osrun/recipes/object-metadata.yaml'), { cloud })
let requests = 0
for await (const event of run) if (event.type === 'exchange') requests++
const result: RunResult = await run.result
const session = connect({ cloud })
const { url } = await session.endpoint('object-store')
const { status } = await session.request('HEAD', \`\${url}/photos\`)
await session.close()
const code = await loadRecipe('none.yaml').catch((error: unknown) => error instanceof OsrunError && error.code)
// @ts-expect-error: a status is a number.
const wrong: string = status
console.log(JSON.stringify([result.status, requests, wrong, code, sandbox.liveTokens().length]))
`,
  )
  const options = {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      module: 'nodenext',
      strict: true,
      skipLibCheck: false,
      types: ['node'],
      typeRoots: [resolve('node_modules/@types')],
    },
    files: ['user.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
  const { stdout: complaints } = await inFolder(
    process.execPath,
    resolve('node_modules/typescript/bin/tsc'),
  ).catch((error: { readonly stdout: string }) => error)
  expect(complaints).toBe('')
  const { stdout } = await inFolder(process.execPath, 'user.js')
  expect(JSON.parse(stdout)).toEqual(['passed', 4, 204, 'RECIPE_UNREADABLE', 0])
})

test('each entry point exports what the documentation names, about 45 names in the first', async () => {
  for (const [entry, subpath] of Object.entries(libraryEntries)) {
    const values = namesOf(entry).flatMap(({ name, isType }) => (isType ? [] : [name]))
    const list = `console.log(JSON.stringify(Object.keys(await import('${subpath}')).sort()))`
    const { stdout } = await inFolder(process.execPath, '--input-type=module', '--eval', list)
    expect(JSON.parse(stdout)).toEqual(values.toSorted())
  }
  expect(namesOf('index').length).toBeLessThan(50)
})

test('what the library declares has doc comments, and nothing of how it works inside', () => {
  const files = declarations(join(installed, 'dist'))
  for (const file of files)
    for (const [, before = '', name] of readFileSync(file, 'utf8').matchAll(
      /((?:^.*\n)?)^export (?:declare )?(?:const|function|class|interface|type) (\w+)/gm,
    ))
      expect(before.trim(), `${file} does not say what ${name} is`).toMatch(/\*\/$/)
  for (const inside of [
    'step',
    'masker',
    'token-keeper',
    'shared-tokens',
    'gate',
    'event-bus',
    'link',
    'record',
  ])
    expect(files.filter((file) => basename(file) === `${inside}.d.ts`)).toEqual([])
})

const programs = blocksOf('docs/library.md').filter(({ language }) => language === 'js')
test('there are programs of plain JavaScript', () => expect(programs.length).toBeGreaterThan(6))

test.each(programs.filter(({ text }) => !text.includes('osrun/curl')))(
  'the program at $file:$line runs as it is printed',
  async ({ text, line }) => {
    await using sandbox = await startSandbox()
    writeFileSync(join(folder, `program-${line}.mjs`), text)
    cpSync('recipes', join(folder, 'recipes'), { recursive: true })
    const { stdout, stderr } = await run(process.execPath, [`program-${line}.mjs`], {
      cwd: folder,
      env: { PATH, HOME, ...sandbox.environment },
    })
    expect(stderr).toBe('')
    expect(stdout).not.toMatch(/\b(undefined undefined|[1-5] [A-Z]+_[A-Z]+)/)
    expect(sandbox.liveTokens()).toEqual([])
    await expect(withoutChance(stdout, sandbox.url)).toMatchFileSnapshot(
      `../golden/library/${headingOf(line)}.txt`,
    )
  },
)

test('the package holds what its library leads to and nothing that belongs to this machine', () => {
  expect(packed).toContain('dist/library/index.js')
  expect(packed.filter((file) => file.endsWith('.cache'))).toEqual([])
  expect(declarations(join(installed, 'dist')).length).toBeLessThan(45)
  for (const file of declarations(join(installed, 'dist')))
    for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/from '([^']+)'/g))
      expect(from).toMatch(/^\./)
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'recipe.schema.json', 'docs/recipe.md'])
    expect(readFileSync(join(installed, name), 'utf8').length).toBeGreaterThan(0)
})

test('publint finds nothing', async () => {
  const { messages } = await publint({ pkgDir: installed, pack: false, strict: true })
  expect(messages).toEqual([])
})

/** The heading of docs/library.md above a line, as a file's name. */
function headingOf(line: number): string {
  const above = readFileSync('docs/library.md', 'utf8').split('\n').slice(0, line)
  return (above.findLast((one) => one.startsWith('## ')) ?? '').slice(3).toLowerCase().replaceAll(' ', '-')
}

/** What a program prints without ports, ids and times. */
function withoutChance(text: string, url: string): string {
  return text
    .replaceAll(url, 'http://sandbox')
    .replace(/\b[0-9a-f]{8}\b/g, 'RUN')
    .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\b\d{10}\.\d{5}\b/g, 'TIMESTAMP')
    .replace(/\btx[0-9a-f]{21}-[0-9a-f]{10}\b/g, 'TRANSACTION')
    .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/g, 'DATE')
}

/**
 * A copy of the project that is packed as it is built now. The npm of Node 20 runs `prepare` also with --ignore-scripts:
 * a second build would take the files from under other tests.
 */
function projectWithoutScripts(): string {
  const copy = join(folder, 'project')
  const ofMachine = ['.git', 'node_modules', 'coverage'].map((name) => join(root, name))
  cpSync(root, copy, { recursive: true, filter: (file) => !ofMachine.includes(file) })
  const { scripts: _build, ...described } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
    string,
    unknown
  >
  writeFileSync(join(copy, 'package.json'), JSON.stringify(described))
  // Stands for V8's code cache, which is of one machine.
  writeFileSync(join(copy, 'dist', 'canary.cache'), '')
  return copy
}

function declarations(at: string): readonly string[] {
  return readdirSync(at, { recursive: true })
    .map((file) => join(at, String(file)))
    .filter((file) => file.endsWith('.d.ts'))
}

const dependencyOn = (tarball: string) => ({ dependencies: { osrun: `file:${tarball}` } })

/** The lock file of a folder that depends on the tarball, with what this project's own has for its users. */
function lockOf(tarball: string): unknown {
  type Locked = { readonly dev?: boolean } & Readonly<Record<string, unknown>>
  const { lockfileVersion, packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly lockfileVersion: number
    readonly packages: Readonly<Record<string, Locked>>
  }
  const { devDependencies: _forDevelopers, name: _name, ...own } = packages[''] ?? {}
  const others = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true)
  return {
    lockfileVersion,
    packages: {
      '': dependencyOn(tarball),
      'node_modules/osrun': { ...own, resolved: `file:${tarball}` },
      ...Object.fromEntries(others),
    },
  }
}
