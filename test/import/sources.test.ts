import { expect, test } from 'vitest'
import { importRecipe } from '../../src/import/import-recipe.ts'
import { sourceText } from '../../src/import/source-text.ts'

const recipeOf = (text: string) => importRecipe({ file: 'input', text })

test('options on standard input are those of the command line', () => {
  const config = [
    '# what to send',
    'url = "https://example.org/v1/AUTH_a/c"',
    '-H "X-Words: a \\"b\\"\\tc\\\\"',
    'header: "X-Two: 2"',
    'request PUT',
    '--compressed',
    'data-binary = "x\\ny"',
  ]
  const line = `curl https://example.org/v1/AUTH_a/c -H $'X-Words: a "b"\\tc\\\\' -H 'X-Two: 2' -X PUT --compressed --data-binary $'x\\ny'`
  const { text, notes } = recipeOf(`curl -s -K - <<'END'\n${config.join('\n')}\nEND\n`)
  expect(text).toBe(recipeOf(line).text)
  expect(notes).toEqual([])
})

test('options in a file are named as left out', () => {
  const { notes } = recipeOf('curl -K options.txt https://example.org/\n')
  expect(notes).toMatchObject([{ message: expect.stringContaining('--config'), at: { line: 1, column: 9 } }])
})

test('a text of PowerShell is read', () => {
  const line = 'curl https://example.org/\r\n'
  const bytes = Buffer.from(`\ufeff${line}`, 'utf16le')
  expect(sourceText('input', bytes).text).toBe('curl https://example.org/\n')
  expect(sourceText('input', Buffer.from(line)).text).toBe('curl https://example.org/\n')
})
