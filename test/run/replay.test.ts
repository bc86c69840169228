import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { variantsOf } from '../../src/library/index.ts'
import type { Recipe } from '../../src/model/recipe.ts'
import { startByteServer } from '../http/byte-server.ts'
import { nowhere as missingFile } from '../nowhere.ts'
import { answeringServer } from './answering-server.ts'
import { cloudOf, loadRecipe, recipeOf, startSandbox } from './on-sandbox.ts'
import { record, replay, timeless } from './recorded.ts'
import { startSmallKeystone } from './small-keystone.ts'

const nowhere = await cloudOf({
  OS_AUTH_URL: 'http://127.0.0.1:9/v3',
  OS_USERNAME: 'u',
  OS_PASSWORD: 'a-password',
  OS_USER_DOMAIN_NAME: 'd',
})

const stepsIn = (directory: string | undefined, ...lines: readonly string[]): Promise<Recipe> =>
  recipeOf(`osrun: 1\nname: n\nsteps:\n${lines.map((line) => `  - ${line}\n`).join('')}`, directory)
const steps = (...lines: readonly string[]): Promise<Recipe> => stepsIn(undefined, ...lines)

/** Records a run, stops what answered it, and replays it: both must tell the same. */
async function twice(recipes: readonly Recipe[], live: Awaited<ReturnType<typeof record>>): Promise<void> {
  const again = await replay(recipes, live.text)
  expect(timeless(again)).toEqual(timeless(live))
  expect(again.result.exit).toBe(live.result.exit)
}

describe('what a run met is met again', () => {
  test('waits take no time, and those of retries are the same', async () => {
    const http = await answeringServer((count) =>
      count < 4 ? { status: 503 } : { json: { state: 'ready' } },
    )
    const recipe = await steps(
      `request: GET ${http.url}/a\n    retry: { times: 3, delay: 40ms, max-delay: 80ms }`,
      `request: GET ${http.url}/b\n    until: { json: { $.state: ready } }\n    every: 3ms`,
      'pause: 10ms',
    )
    const live = await record([recipe], nowhere)
    await http[Symbol.asyncDispose]()
    expect(live.result.exit).toBe(0)
    await twice([recipe], live)
  })

  test('an hour of waiting is over at once', async () => {
    const recipe = await steps('pause: 1h', 'pause: 1h')
    const text = `{"type":"recording","version":1}\n{"type":"run","run":"abcd","recipe":"n","file":"recipe.yaml","started":0,"inputs":{},"environment":{}}\n{"type":"end","runs":1,"exchanges":0}\n`
    const { result } = await replay([recipe], text)
    expect(result.results[0]).toMatchObject({ exit: 0, runId: 'abcd', duration: 7_200_000 })
  })

  test('an address where nothing listens', async () => {
    const http = await answeringServer(() => ({}))
    await http[Symbol.asyncDispose]()
    const recipe = await steps(`request: GET ${http.url}/`)
    const live = await record([recipe], nowhere)
    expect(live.result.results[0]).toMatchObject({ exit: 3, problem: { code: 'CONNECTION_REFUSED' } })
    await twice([recipe], live)
  })

  test('an interrupt', async () => {
    await using http = await answeringServer(() => 'silence')
    const recipe = await steps(`request: GET ${http.url}/`)
    const controller = new AbortController()
    const asked = record([recipe], nowhere, { signal: controller.signal })
    while (http.methods.length === 0) await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    const live = await asked
    expect(live.result.results[0]).toMatchObject({ exit: 130, status: 'interrupted' })
    const again = await replay([recipe], live.text)
    expect(again.result.results[0]).toMatchObject({ exit: 130, status: 'interrupted' })
  })

  test('a token that is renewed, by the clock of then', async () => {
    const keystone = await startSmallKeystone()
    const recipe = await steps('authenticate:', 'pick-endpoint: object-store', 'request: GET ${endpoint}/a')
    const later = 10 * 365 * 86_400_000
    const live = await record([recipe], await keystone.cloud(), { now: () => Date.now() - later })
    expect(live.result.results[0]?.problem).toBeUndefined()
    await twice([recipe], live)
  })

  test('a token whose answer broke off is revoked all the same', async () => {
    const keystone = await startSmallKeystone()
    const recipe = await steps('authenticate:', 'revoke:')
    const live = await record([recipe], await keystone.cloud())
    await twice([recipe], live)
  })
})

describe('recipes of a suite', () => {
  const files = ['smoke/object-metadata', 'smoke/object-copy', 'smoke/swift-info', 'token-validate']
  let text: string
  let recipes: readonly Recipe[]
  beforeAll(async () => {
    const sandbox = await startSandbox()
    recipes = await Promise.all(files.map((file) => loadRecipe(`recipes/${file}.yaml`)))
    const live = await record([...recipes, ...recipes], await cloudOf(sandbox.environment), { jobs: 4 })
    expect(live.result.exit).toBe(0)
    text = live.text
    await sandbox.close()
  })

  test.each([1, 3, 8])('share their token when they are replayed %s at a time', async (jobs) => {
    const { result } = await replay([...recipes, ...recipes], text, { jobs })
    expect(result).toMatchObject({ exit: 0, leftovers: [] })
    expect(result.tokens.made).toBe(result.tokens.revoked)
  })

  test.each(files)('%s can be replayed alone', async (file) => {
    const { result } = await replay([await loadRecipe(`recipes/${file}.yaml`)], text)
    expect(result).toMatchObject({ exit: 0, leftovers: [] })
  })

  test('that are replayed more often than they ran are refused', async () => {
    await expect(replay([...recipes, ...recipes, ...recipes], text)).rejects.toMatchObject({
      code: 'RECORDING_INVALID',
    })
  })

  test('runs of a matrix are told apart', async () => {
    await using http = await answeringServer((_count, { url }) => ({ json: { asked: url } }))
    const recipe = await recipeOf(
      `osrun: 1\nname: n\ninputs: { a: x }\nmatrix: { a: [x, y] }\nsteps:\n  - request: GET ${http.url}/\${a}\n  - assert: { json: { $.asked: /x } }\n`,
    )
    const variants = variantsOf(recipe)
    const live = await record(variants, nowhere)
    expect(live.result.exit).toBe(4)
    const again = await replay(variants.toReversed(), live.text)
    expect(again.result.results.map(({ exit }) => exit)).toEqual([4, 0])
  })
})

describe('bodies', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'osrun-replay-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const answer = (body: Buffer, headers = ''): Buffer =>
    Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\n\r\n`), body])

  test('a file that was saved is written again, with the same bytes', async () => {
    const bytes = Buffer.from([0, 255, 254, 1, 13, 10, 128])
    const server = await startByteServer((socket) => socket.end(answer(bytes)))
    const path = join(folder, 'saved')
    const md5 = createHash('md5').update(bytes).digest('hex')
    const recipe = await stepsIn(
      folder,
      `request: { url: "GET ${server.url}/", save-to: saved }`,
      `assert: { md5: ${md5}, size: 7 }`,
    )
    const live = await record([recipe], nowhere)
    expect(live.result.results[0]?.problem).toBeUndefined()
    await server.close()
    rmSync(path)
    await twice([recipe], live)
    expect(readFileSync(path)).toEqual(bytes)
  })

  test.each([
    ['is compressed', gzipSync('{}'), 'Content-Encoding: gzip\r\n'],
    ['is longer than a recording takes', Buffer.alloc(9 * 1024 ** 2, 'x'), ''],
  ])('one that %s is left out, and a replay says so', async (_what, body, headers) => {
    const server = await startByteServer((socket) => socket.end(answer(body, headers)))
    const path = join(folder, 'left-out')
    const recipe = await stepsIn(folder, `request: { url: "GET ${server.url}/", save-to: left-out }`)
    const live = await record([recipe], nowhere)
    expect(live.result.exit).toBe(0)
    expect(live.text.length).toBeLessThan(10_000)
    await server.close()
    rmSync(path)
    const { result } = await replay([recipe], live.text)
    expect(result.results[0]).toMatchObject({ exit: 3, problem: { code: 'REPLAY_IMPOSSIBLE' } })
    expect(result.results[0]?.problem?.message).toContain(String(body.length))
    expect(existsSync(path)).toBe(false)
  })

  test('a file that is sent need not be there for a replay', async () => {
    const sandbox = await startSandbox()
    const upload = (directory: string): Promise<Recipe> =>
      stepsIn(
        directory,
        'authenticate:',
        'pick-endpoint: object-store',
        'request: { url: "PUT ${endpoint}/photos/r", file: object-metadata.yaml }',
        'request: DELETE ${endpoint}/photos/r',
      )
    const live = await record([await upload('recipes')], await cloudOf(sandbox.environment))
    expect(live.result.exit).toBe(0)
    await sandbox.close()
    expect((await replay([await upload(missingFile)], live.text)).result.exit).toBe(0)
  })
})

describe('a recipe that has changed since', () => {
  let text: string
  const recipe = (path: string, body = 'Hello'): Promise<Recipe> =>
    steps(
      'authenticate:',
      'pick-endpoint: object-store',
      `request: { url: "PUT \${endpoint}/photos/${path}", body: ${body} }`,
      `request: DELETE \${endpoint}/photos/${path}`,
    )
  beforeAll(async () => {
    await using sandbox = await startSandbox()
    text = (await record([await recipe('hello')], await cloudOf(sandbox.environment))).text
  })

  test.each([
    ['another URL', 'hallo', 'Hello', /nearest that it has is PUT .*\/hello/],
    ['another body', 'hello', 'Hallo', /PUT .*\/hello with another body/],
  ])('asks for what is not there: %s', async (_what, path, body, hint) => {
    const { result } = await replay([await recipe(path, body)], text)
    expect(result.results[0]).toMatchObject({
      exit: 3,
      leftovers: [],
      problem: { code: 'REPLAY_IMPOSSIBLE', at: { line: 6 } },
    })
    expect(result.results[0]?.problem?.hint).toMatch(hint)
  })

  test('may ask for less', async () => {
    const less = await steps(
      'authenticate:',
      'pick-endpoint: object-store',
      'request: DELETE ${endpoint}/photos/hello',
    )
    expect((await replay([less], text)).result.exit).toBe(0)
  })
})

describe('a file that cannot be replayed is refused', () => {
  const run =
    '{"type":"run","run":"ab","recipe":"n","file":"recipe.yaml","started":0,"inputs":{},"environment":{}}'
  const head = '{"type":"recording","version":1}'
  const end = '{"type":"end","runs":1,"exchanges":0}'
  test.each([
    ['nothing', '', 1, /is no recording/],
    ['another file', 'osrun: 1\nname: n\n', 1, /is no recording/],
    ['a report', '{"type":"run:start"}\n', 1, /is no recording/],
    ['another version', `{"type":"recording","version":7}\n${run}\n${end}\n`, 1, /version 7/],
    ['one cut after a line', `${head}\n${run}\n`, 3, /is cut/],
    ['one cut within a line', `${head}\n${run.slice(0, 40)}`, 2, /cut or damaged in line 2/],
    [
      'one that lacks an exchange',
      `${head}\n${run}\n${end.replace('"exchanges":0', '"exchanges":1')}\n`,
      3,
      /lacks lines/,
    ],
    ['one that lacks a line', `${head}\n${end}\n`, 2, /lacks lines/],
    [
      'an exchange of no run',
      `${head}\n{"type":"exchange","run":"ab","sent":0,"ended":0,"request":{"method":"GET","url":"u","headers":[]},"problem":{"code":"TIMED_OUT","message":"m","causes":[]}}\n${end}\n`,
      2,
      /not of the run before/,
    ],
    ['an unknown line', `${head}\n{"type":"other"}\n${end}\n`, 2, /type/],
    ['a wrong field', `${head}\n${run.replace('"ab"', '"../x"')}\n${end}\n`, 2, /\/run/],
    [
      'a cloud that is none',
      `{"type":"recording","version":1,"cloud":{"credentials":{"kind":"keystone"}}}\n${end}\n`,
      1,
      /cloud/,
    ],
    ['null', `${head}\nnull\n${end}\n`, 2, /must be object/],
  ])('%s', async (_what, text, line, message) => {
    const refused = replay([await steps('pause: 1ms')], text)
    await expect(refused).rejects.toMatchObject({ code: 'RECORDING_INVALID', at: { line } })
    await expect(refused).rejects.toThrow(message)
  })

  test('one of another recipe', async () => {
    const text = `${head}\n${run}\n${end}\n`
    await expect(replay([await loadRecipe('recipes/catalog-list.yaml')], text)).rejects.toMatchObject({
      code: 'RECORDING_INVALID',
      hint: expect.stringContaining('"n" (recipe.yaml)'),
    })
  })
})
