import { expect, test } from 'vitest'
import { quoteShell } from '../../src/util/text/shell-quote.ts'

test('a plain word needs no quotes', () => {
  expect(quoteShell('https://example.org/a-b_c.d')).toBe('https://example.org/a-b_c.d')
  expect(quoteShell('')).toBe("''")
})
