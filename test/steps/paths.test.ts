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
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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
