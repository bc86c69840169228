import { expect, test } from 'vitest'
import { createTurns } from '../../src/report/terminal/turns.ts'

test('texts of several runs come one run after the other, the first one at once', () => {
  const written: string[] = []
  const turns = createTurns((text) => written.push(text))
  turns.write('a', 'a1 ')
  turns.write('b', 'b1 ')
  turns.write('a', 'a2 ')
  expect(written).toEqual(['a1 ', 'a2 '])
  turns.write('c', 'c1 ')
  turns.end('c')
  turns.write('b', 'b2 ')
  turns.end('a')
  turns.write('b', 'b3 ')
  expect(written.join('')).toBe('a1 a2 b1 b2 b3 ')
  expect(turns.isNow('b')).toBe(true)
  turns.end('b')
  expect(written.join('')).toBe('a1 a2 b1 b2 b3 c1 ')
})
