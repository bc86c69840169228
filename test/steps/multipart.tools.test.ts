import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { exported, runScript, shells } from '../export/shell.ts'
import { okay, startRawServer } from '../http/raw-server.ts'
import { cloudOf, runToEnd } from '../run/on-sandbox.ts'
import { recipeWith } from './form-recipe.ts'

const folder = mkdtempSync(join(tmpdir(), 'osrun-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'photo.jpg'), 'not really')

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
  const recipe = recipeWith(form, base, folder)
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
