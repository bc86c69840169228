import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { importRecipe } from '../../src/import/import-recipe.ts'
import { sources } from '../../src/import/sources.ts'
import { recipeOf } from '../run/on-sandbox.ts'
import { formsOfSecret } from '../run/secret-forms.ts'

const folder = 'test/fixtures/import'
const files = [...readdirSync(folder).map((name) => `${folder}/${name}`), 'bench/guide-commands.sh']
const secrets = [
  'night-shift-9',
  'correct-horse-battery',
  'cookie-value-77',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'rare-secret-55',
  'gAAAAABexampletoken',
]

describe.each(files)('%s', (file) => {
  const { text, notes } = importRecipe({ file, text: readFileSync(file, 'utf8') })

  test('becomes the recipe that is kept, with its notes', async () => {
    const told = notes.map(({ message, at }) => `# note: ${at ? `${at.line}:${at.column} ` : ''}${message}\n`)
    const name = file.split('/').at(-1) ?? ''
    await expect(`${text}${told.join('')}`).toMatchFileSnapshot(`../golden/import/${name}.yaml`)
  })

  test('passes the check', async () => {
    await expect(recipeOf(text)).resolves.toBeDefined()
  })

  test('holds no secret, nor do its notes', () => {
    const all = text + JSON.stringify(notes)
    for (const secret of secrets)
      for (const form of formsOfSecret(secret)) expect(all.includes(form), `${secret} as ${form}`).toBe(false)
  })

  test('is recognised as one kind', () => {
    const source = readFileSync(file, 'utf8')
    const kind = sources.find((one) => one.recognises(source))?.name
    expect(kind).toBe(file.endsWith('.har') ? 'har' : file.endsWith('.txt') ? 'debug' : 'curl')
  })
})
