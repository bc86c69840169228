import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toCurl } from '../../src/http/curl-line/curl.ts'
import { jsonText } from '../../src/util/parse-json.ts'
import { answeringServer } from '../run/answering-server.ts'
import { recipeOf } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'
import { runScript, shells } from './shell.ts'

const id = '9007199254740993'
const keepsDigits = execFileSync('jq', ['.'], { input: id, encoding: 'utf8' }).trim() === id
const folder = mkdtempSync(join(tmpdir(), 'osrun-values-'))
let paths: string[] = []
let server: Awaited<ReturnType<typeof answeringServer>>
beforeAll(async () => {
  server = await answeringServer((_count, request) => {
    paths.push(request.url ?? '')
    return { text: `{"id":${id},"name":"${id}","other":{"id":${id}}}` }
  })
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await server[Symbol.asyncDispose]()
})

async function run(steps: string, shell: readonly string[]) {
  paths = []
  const recipe = await recipeOf(
    `osrun: 1\nname: Values\nsteps:\n${steps.replaceAll('HOST', server.url)}`,
    folder,
  )
  return runScript(await exported(recipe), shell, {})
}

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('under %s', (_name, shell) => {
  test.each([
    ['$.id', '${v}'],
    ['$.other', '${v.id}'],
  ])('an integer at %s keeps its digits, or ends the script where jq rounds it', async (from, read) => {
    const step = `  - request: GET HOST/first\n    capture: { v: ${from} }\n  - request: GET HOST/${read}\n`
    const { status, stderr } = await run(step, shell)
    expect(status).toBe(keepsDigits ? 0 : 3)
    expect(paths).toEqual(keepsDigits ? ['/first', `/${id}`] : ['/first'])
    if (!keepsDigits) expect(stderr).toContain('has an integer that this jq rounds; jq 1.7 keeps its digits.')
  })

  test('a text of digits is none', async () => {
    const step = '  - request: GET HOST/first\n    capture: { v: $.name }\n  - request: GET HOST/${v}\n'
    expect(await run(step, shell)).toMatchObject({ status: 0 })
    expect(paths).toEqual(['/first', `/${id}`])
  })

  test.each([
    '    capture: { v: $.name }\n',
    '    capture: { v: body }\n',
    '  - assert: { json: { $.name: x } }\n',
    '  - assert: { body: x }\n',
    '  - request: { url: GET HOST/second, token: false }\n  - assert: { of: first, json: { $.name: x } }\n',
  ])('what is saved is not kept: %s', async (step) => {
    const first = '  - id: first\n    request: { url: GET HOST/first, save-to: saved.json }\n'
    const { status, stderr } = await run(`${first}${step}`, shell)
    expect(stderr).toContain('bytes, is not kept')
    expect(status).toBe(3)
  })
})

test.each([
  [{ id: 9007199254740993n, secret: 'hu"sh' }],
  [{ 'a"b': [{ id: 9007199254740993n }, 'x', null, 1.5], secret: 'hu"sh', none: [], 'c\\(d)': {} }],
  [[12345678901234567890n, { secret: 'hu"sh' }]],
])('the line that is printed for %o sends its digits, whatever jq', (json) => {
  const text = jsonText(json)
  const request = {
    method: 'POST',
    url: 'http://h.test/',
    headers: [['Content-Type', 'application/json']] as const,
    body: { kind: 'text', text, json } as const,
  }
  const names = [{ value: 'hu"sh', variable: 'secret', secret: true }]
  const line = toCurl(request, { names, tls: { insecure: false } })
  expect(line).not.toContain('hu')
  const shown = execFileSync('bash', ['--norc', '-c', line.replace(/\| curl .*/s, '')], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, secret: 'hu"sh' },
  })
  expect(shown).toBe(text)
})

test('an input that jq would round ends the script where it goes into JSON', async () => {
  const recipe = await recipeOf(
    `osrun: 1\nname: n\ninputs: { n: { type: integer } }\nsteps:\n  - request: { url: POST ${server.url}/, json: { n: "\${n}" } }\n`,
    folder,
  )
  const { status } = await runScript(await exported(recipe), ['dash'], { n: id })
  expect(status).toBe(keepsDigits ? 0 : 3)
  expect((await runScript(await exported(recipe), ['dash'], { n: '12' })).status).toBe(0)
})
