import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { OsrunError } from '../../src/model/problem.ts'
import { parseRecipe } from '../../src/recipe/parse.ts'
import { verbs } from '../../src/steps/index.ts'
import { exported, runScript, shells } from '../export/shell.ts'
import { okay, startRawServer } from '../http/raw-server.ts'
import { needs } from '../needs.ts'
import { cloudOf, runToEnd } from '../run/on-sandbox.ts'

needs('curl', 'jq', 'dash', 'busybox')

const folder = mkdtempSync(join(tmpdir(), 'osrun-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'photo.jpg'), 'not really')

function recipeWith(request: string, base = 'http://127.0.0.1:1') {
  const text = `osrun: 1
name: A form
inputs:
  word: { type: string, default: plain }
steps:
  - request:
      url: POST ${base}/form
      token: false
${request.replace(/^/gm, '      ')}
`
  return parseRecipe(text, { file: 'form.yaml', directory: folder, verbs })
}

const form = `multipart:
  number: 0123
  word: "<\${word}>"
  bare: "\${word}"
  typed: { text: "\${word}", type: text/plain }
  photo: { file: photo.jpg, filename: "\${word}.png" }
  many: [one, { text: two }]`

const hostile = ['plain', `q'b$t "v\\x;type=x`, 'a\nb', '\u00e9\u20ac', '  ', '@/etc/passwd']

test('a form is rendered, and an exported script sends the same in every shell', async () => {
  const { base, requests } = await startRawServer(() => okay())
  const recipe = recipeWith(form, base)
  const cloud = await cloudOf({ OS_AUTH_TYPE: 'none', OS_ENDPOINT: base })
  const script = await exported(recipe)
  for (const word of hostile) {
    const from = requests.length
    const { result } = await runToEnd(recipe, { cloud, inputs: { word } })
    expect(result.problem).toBeUndefined()
    for (const shell of shells) {
      const end = await runScript(script, shell, { word })
      expect(end).toMatchObject({ status: 0, stderr: '' })
    }
    const [own, ...others] = requests.slice(from).map(({ headers, body }) => {
      const boundary = /boundary=(\S+)/.exec(headers.join('\n'))?.[1] ?? 'no boundary'
      return body.toString().replaceAll(boundary, 'B')
    })
    expect(own).toContain(`name="word"\r\n\r\n<${word}>\r\n`)
    expect(own).toContain('name="number"\r\n\r\n0123\r\n')
    expect(others).toEqual(shells.map(() => own))
  }
})

test('a script says which file is missing', async () => {
  const script = await exported(recipeWith('multipart: { a: { file: nothing.bin } }'))
  const { status, stderr } = await runScript(script, ['dash'], {})
  expect(status).toBe(1)
  expect(stderr).toContain('nothing.bin')
})

test.each([
  ['multipart: {}', 'RECIPE_INVALID'],
  ['multipart: { "a=b": c }', 'RECIPE_INVALID'],
  ['multipart: { a: { file: x, text: y } }', 'RECIPE_INVALID'],
  ['multipart: { a: { type: text/plain } }', 'RECIPE_INVALID'],
  ['multipart: { a: [{ filename: x }] }', 'RECIPE_INVALID'],
  ['multipart: { a: { fiel: x } }', 'RECIPE_INVALID'],
  ['multipart: { a: b }\nbody: c', 'RECIPE_INVALID'],
  ['multipart: { a: b }\nheaders: { content-type: a/b }', 'RECIPE_INVALID'],
  ['multipart: { a: "${nothing}" }', 'NAME_UNKNOWN'],
])('%s is no recipe', (request, code) => {
  try {
    recipeWith(request)
  } catch (error) {
    expect(error).toBeInstanceOf(OsrunError)
    expect((error as OsrunError).problems[0]?.code).toBe(code)
    return
  }
  throw new Error('it was taken')
})
