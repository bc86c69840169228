import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RunOptions } from '../../src/run/recipe/run-options.ts'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { opening, play, startStranger } from './play.ts'

let sandbox: Sandbox
let stranger: Awaited<ReturnType<typeof startStranger>>
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

let top: string
beforeEach(async () => {
  stranger = await startStranger()
  top = mkdtempSync(join(tmpdir(), 'osrun-paths-'))
  for (const name of ['recipes', 'recipes/out', 'elsewhere']) mkdirSync(join(top, name))
  writeFileSync(join(top, 'elsewhere/old'), 'as it was')
  symlinkSync('../elsewhere', join(top, 'recipes/door'))
  symlinkSync('out', join(top, 'recipes/inner'))
  symlinkSync('../elsewhere/old', join(top, 'recipes/link'))
})
afterEach(async () => {
  rmSync(top, { recursive: true })
  await stranger.close()
})

const inputs = 'inputs: { name: { type: string } }\n'
const run = (request: string, name: string) =>
  play(sandbox, `${opening}  - request: { url: "PUT ${stranger.url}/", ${request} }\n`, {
    directory: join(top, 'recipes'),
    head: inputs,
    inputs: { name: name.replace('TOP', top) },
  })

describe('a value in the path of save-to', () => {
  test.each([
    ['plain', '${name}', 'plain'],
    ['a..b', '${name}', 'a..b'],
    ['..a', 'out/${name}', 'out/..a'],
    ['out/a', './${name}', 'out/a'],
    ['inner/a', '${name}', 'out/a'],
    ['a', 'x-${name}.txt', 'x-a.txt'],
    ['', 'out/x${name}', 'out/x'],
    // A link is no folder: the file takes its place.
    ['link', '${name}', 'link'],
  ])('that is "%s" in %s', async (name, path, written) => {
    const { result } = await run(`save-to: "${path}"`, name)
    expect(result.problem).toBeUndefined()
    expect(readFileSync(join(top, 'recipes', written), 'utf8')).toContain('"method":"PUT"')
    expect(readFileSync(join(top, 'elsewhere/old'), 'utf8')).toBe('as it was')
  })

  test.each([
    ['../elsewhere/new', '${name}'],
    ['../elsewhere/old', '${name}'],
    ['./../elsewhere/new', '${name}'],
    ['out/../../elsewhere/new', '${name}'],
    ['TOP/elsewhere/new', '${name}'],
    ['door/new', '${name}'],
    ['../new', 'out/${name}'],
    ['../../elsewhere/new', 'out/${name}'],
    ['/../../elsewhere/new', 'out/${name}'],
    ['/new', 'out/${name}'],
    ['/../../elsewhere/new', 'out/x${name}'],
    ['.', '${name}./elsewhere/new'],
    ['', '${name}'],
    ['.', '${name}'],
    ['..', '${name}'],
    ['a\\0b', '${name}'],
  ])('that is "%s" does not lead out of the folder of %s', async (name, path) => {
    const { result } = await run(`save-to: "${path}"`, name.replace('\\0', '\0'))
    expect(result).toMatchObject({
      exit: 3,
      problem: { code: 'VALUE_INVALID', at: { line: 7 } },
      tokens: { made: 1, revoked: 1 },
    })
    expect(stranger.heard).toEqual([])
    expect(existsSync(join(top, 'recipes/new'))).toBe(false)
    expect(readdirSync(join(top, 'elsewhere'))).toEqual(['old'])
    expect(readFileSync(join(top, 'elsewhere/old'), 'utf8')).toBe('as it was')
  })
})

describe.each(['file: "${name}"', 'multipart: { a: { file: "${name}" } }'])('a value in %s', (request) => {
  test.each(['out/own', 'inner/own'])('that is %s is sent', async (name) => {
    writeFileSync(join(top, 'recipes/out/own'), 'own text')
    const { result } = await run(request, name)
    expect(result.problem).toBeUndefined()
    expect(stranger.heard[0]?.body).toContain('own text')
  })

  test.each(['../elsewhere/old', 'TOP/elsewhere/old', 'link', 'door/old', 'out/../../elsewhere/old'])(
    'that is %s is not',
    async (name) => {
      const { result } = await run(request, name)
      expect(result).toMatchObject({ exit: 3, problem: { code: 'VALUE_INVALID' } })
      expect(stranger.heard).toEqual([])
    },
  )
})

describe("a file outside of the recipe's folder", () => {
  const outside = ['../elsewhere/old', 'TOP/elsewhere/old', 'link', 'door/old', 'inner/../../elsewhere/old']
  const act = (request: string, options: RunOptions & { head?: string } = {}) =>
    play(
      sandbox,
      `${opening}  - request: { url: "PUT ${stranger.url}/", ${request.replaceAll('TOP', top)} }\n`,
      { directory: join(top, 'recipes'), ...options },
    )

  test.each(outside.flatMap((path) => [`file: ${path}`, `multipart: { a: { file: ${path} } }`]))(
    'is not sent by %s, unless its folder is allowed',
    async (request) => {
      const { result } = await act(request)
      expect(result).toMatchObject({
        exit: 1,
        problem: { code: 'FILE_REFUSED', at: { line: 6 }, hint: expect.stringContaining('--allow-files') },
        tokens: { made: 1, revoked: 1 },
      })
      expect(stranger.heard).toEqual([])
      await act(request, { allowFiles: [join(top, 'elsewhere')] })
      expect(stranger.heard[0]?.body).toContain('as it was')
    },
  )

  test.each(['../elsewhere/new', 'TOP/elsewhere/new', 'door/new'])(
    'is not written by save-to: %s, unless its folder is allowed',
    async (path) => {
      const { result } = await act(`save-to: ${path}`)
      expect(result).toMatchObject({ exit: 1, problem: { code: 'FILE_REFUSED' } })
      expect(stranger.heard).toEqual([])
      expect(readdirSync(join(top, 'elsewhere'))).toEqual(['old'])
      await act(`save-to: ${path}`, { allowFiles: [join(top, 'elsewhere')] })
      expect(readdirSync(join(top, 'elsewhere'))).toEqual(['new', 'old'])
    },
  )

  const head = 'inputs: { photo: { type: string, format: path, default: own } }\n'

  test.each(['TOP/elsewhere/old', relative('.', tmpdir()), 'TOP/recipes/link'])(
    'is sent where the caller names it by an input of format path: %s',
    async (given) => {
      const photo = given.startsWith('TOP')
        ? given.replace('TOP', top)
        : `${given}${top.slice(tmpdir().length)}/elsewhere/old`
      const { result } = await act('file: "${photo}"', { head, inputs: { photo } })
      expect(result.problem).toBeUndefined()
      expect(stranger.heard[0]?.body).toBe('as it was')
    },
  )

  test("and its default starts from the recipe's folder, and gives no permission", async () => {
    writeFileSync(join(top, 'recipes/own'), 'own text')
    await act('file: "${photo}"', { head })
    expect(stranger.heard[0]?.body).toBe('own text')
    for (const own of ['../elsewhere/old', join(top, 'elsewhere/old')]) {
      const { result } = await act('file: "${photo}"', {
        head: head.replace('own', own),
        inputs: { photo: own },
      })
      expect(result.problem?.code).toBe('FILE_REFUSED')
    }
  })

  test('values stay below a folder that the caller names', async () => {
    const inputs = { to: join(top, 'elsewhere') }
    const own = 'inputs: { to: { type: string, format: path }, name: new }\n'
    expect((await act('save-to: "${to}/${name}"', { head: own, inputs })).result.problem).toBeUndefined()
    expect(readdirSync(join(top, 'elsewhere'))).toEqual(['new', 'old'])
    symlinkSync('../recipes', join(top, 'elsewhere/back'))
    for (const name of ['../x', '/x', 'back/x']) {
      const { result } = await act('save-to: "${to}/${name}"', { head: own, inputs: { ...inputs, name } })
      expect(result.problem?.code).toBe('VALUE_INVALID')
    }
    const glued = await act('save-to: "${to}-${name}"', { head: own, inputs })
    expect(glued.result.problem?.code).toBe('FILE_REFUSED')
  })

  test('each of a list that the caller names is sent', async () => {
    const own = 'inputs: { all: { type: array, items: { type: string, format: path } } }\n'
    const steps = `${opening}  - for-each: \${all}\n    request: { url: "PUT ${stranger.url}/", file: "\${item}" }\n`
    const options = { directory: join(top, 'recipes'), head: own }
    await play(sandbox, steps, { ...options, inputs: { all: [join(top, 'elsewhere/old')] } })
    expect(stranger.heard.map(({ body }) => body)).toEqual(['as it was'])
  })
})
