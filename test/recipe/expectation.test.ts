import { expect, test } from 'vitest'
import { compileExpectation } from '../../src/recipe/expectation/expectation.ts'

test.each([
  [{ minItems: 2 }, [1], 'at least 2 items'],
  [{ maxItems: 1 }, [1, 2], 'at most 1 item'],
  [{ minLength: 2 }, 'a', 'at least 2 characters'],
  [{ maxLength: 1 }, 'ab', 'at most 1 character'],
  [{ minProperties: 1 }, {}, 'at least 1 key'],
  [{ maxProperties: 0 }, { a: 1 }, 'at most 0 keys'],
  [{ uniqueItems: true }, [1, 1], 'not have duplicate items (items ## 0 and 1 are identical)'],
  [{ not: { const: 1 } }, 1, 'not be valid'],
  [{ required: ['a'] }, {}, 'the key "a"'],
  [{ additionalProperties: false }, { a: 1 }, 'no key "a"'],
  [{ exclusiveMinimum: 1 }, 1, 'more than 1'],
  [{ exclusiveMaximum: 1 }, 1, 'less than 1'],
  [{ type: ['string', 'null'] }, 1, 'text or null'],
  [{ enum: [1, 'a'] }, 2, 'one of 1, "a"'],
  [{ multipleOf: 2 }, 3, 'be multiple of 2'],
])('%j says of %j what was expected: %s', (schema, value, expected) => {
  expect(compileExpectation(schema)(value)).toMatchObject([{ path: '', expected }])
})

test.each([
  [7, '7'],
  [7, '7.0'],
  [true, 'true'],
  [null, null],
  [[1, 'a'], '1'],
  [{ minimum: 7 }, '7'],
  [{ type: 'integer' }, '7'],
  [{ const: 7 }, '7'],
  [{ enum: [7, 8] }, '8'],
])('%j takes %j', (expectation, value) => expect(compileExpectation(expectation)(value)).toEqual([]))

test.each([
  ['7', 7],
  [7, '7a'],
  [7, ''],
  [true, 1],
  [null, 'null'],
  [0, null],
  [{ pattern: '7' }, 7],
  [{ minimum: 7 }, 'seven'],
  [{ minimum: 7 }, undefined],
  [{}, undefined],
])('%j does not take %j', (expectation, value) =>
  expect(compileExpectation(expectation)(value)).toHaveLength(1),
)

test('a difference deep within is told with its path', () => {
  const schema = { properties: { a: { items: { properties: { 'b c': { const: 1 } } } } } }
  expect(compileExpectation(schema)({ a: [{}, { 'b c': 2 }] })).toEqual([
    { path: '.a[1]["b c"]', expected: '1', found: '2' },
  ])
})

test.each([[undefined], [[]], [[[1]]], [{ pattern: '(' }], [{ misspelt: 1 }]])(
  '%j is no expectation',
  (what) => {
    expect(() => compileExpectation(what)).toThrow(expect.objectContaining({ code: 'EXPECTATION_INVALID' }))
  },
)
