import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { assertNoSecret, passwords } from './canary.ts'

test('the canary knows the passwords', () => {
  expect(passwords.length).toBeGreaterThanOrEqual(5)
})

describe('the canary sings', () => {
  const [hostile = ''] = passwords.slice(-1)
  test.each([
    ['as it is', hostile],
    ['in JSON', JSON.stringify({ hostile })],
    ['in JSON within JSON', JSON.stringify(JSON.stringify({ hostile }))],
    ['percent-encoded', encodeURIComponent(hostile)],
    ['as a form', new URLSearchParams({ hostile }).toString()],
    ['in base64', Buffer.from(hostile).toString('base64')],
    ['a token', `x gAAAA${'a'.repeat(60)}`],
  ])('at a secret %s', (_how, text) => {
    expect(() => assertNoSecret(`some ${text} text`, 'here')).toThrow('here shows')
  })
})

test('no golden file and no document holds a secret', () => {
  const folders = ['test/golden', 'docs', '.']
  for (const folder of folders)
    for (const file of readdirSync(folder, { recursive: folder !== '.', withFileTypes: true }))
      if (file.isFile() && /\.(txt|md|xml|json)$/.test(file.name))
        assertNoSecret(readFileSync(`${file.parentPath}/${file.name}`, 'utf8'), file.name)
})
