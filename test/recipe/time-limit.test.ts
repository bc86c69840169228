import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { compileExpectation } from '../../src/recipe/expectation/expectation.ts'
import { queryJson } from '../../src/recipe/template/json-path.ts'
import { isQuickPattern, withTimeLimit } from '../../src/recipe/time-limit.ts'

const endless = '^(a+)+$'
const text = `${'a'.repeat(60)}!`
const slow = expect.objectContaining({ code: 'EXPECTATION_SLOW' })
// A turn of the event loop gives a second anew.
beforeEach(() => nextTurn())

describe('what computes for years is ended after a second', () => {
  test.each([
    ['a pattern', () => compileExpectation({ pattern: endless })(text)],
    ['a pattern for an input', () => compileExpectation({ pattern: endless }, { exactTypes: true })(text)],
    ['a pattern deep in a schema', () => compileExpectation({ items: { pattern: endless } })([text])],
    [
      'a pattern for keys',
      () => compileExpectation({ patternProperties: { [endless]: { type: 'string' } } })({ [text]: 1 }),
    ],
    ['a pattern of many choices', () => compileExpectation({ pattern: `^${'(a|a)'.repeat(60)}$` })(text)],
    ['a filter of a query', () => queryJson([{ name: text }], `$[?search(@.name, '${endless}')]`)],
  ])('%s', (_what, work) => {
    const started = performance.now()
    expect(work).toThrow(slow)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  test('all together, until the event loop has turned', async () => {
    const expectation = compileExpectation({ pattern: endless })
    expect(() => expectation(text)).toThrow(slow)
    const started = performance.now()
    for (let times = 0; times < 100; times++) expect(() => expectation(text)).toThrow(slow)
    expect(performance.now() - started).toBeLessThan(900)
    await nextTurn()
    expect(expectation('aaaa')).toEqual([])
  })
})

test('what ends in time gives its value, or throws what it throws', () => {
  expect(withTimeLimit('It', () => 7)).toBe(7)
  const fault = new Error('a fault')
  expect(() =>
    withTimeLimit('It', () => {
      throw fault
    }),
  ).toThrow(fault)
  expect(compileExpectation({ pattern: endless })('aaaa')).toEqual([])
  expect(compileExpectation({ pattern: endless })('b')).toMatchObject([
    { expected: `text that matches ${endless}` },
  ])
  expect(queryJson([{ name: 'aa' }, { name: 'b' }], `$[?match(@.name, 'a+')].name`).nodes).toEqual(['aa'])
})

test.each([
  ['^v\\d+\\.\\d+$', 'v3.14', true],
  ['^[0-9a-f]{32}$', 'd41d8cd98f00b204e9800998ecf8427e', true],
  ['ACTIVE', 'x'.repeat(100_000), true],
  ['ACTIVE.*', 'x'.repeat(100_000), false],
  ['^(a+)+$', 'a', false],
  ['^(a?){9}$', 'a', false],
  ['(a+)\\1', 'a', false],
  ['(a|a)(a|a)(a|a)', 'x'.repeat(100), false],
])('the pattern %s is quick on this text: %#', (pattern, value, quick) =>
  expect(isQuickPattern(pattern, value)).toBe(quick),
)
