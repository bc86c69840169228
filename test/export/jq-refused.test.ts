import { expect, test } from 'vitest'
import { toJqExpectation } from '../../src/export/jq/expectation.ts'
import { toJqQuery } from '../../src/export/jq/json-path.ts'
import { OsrunError } from '../../src/model/problem.ts'
import type { Json } from '../../src/model/recipe.ts'

const at = { file: 'recipe.yaml', line: 1, column: 1 }

test.each([
  ['$[?length(@.a) > 1]', 'The JSONPath function length()'],
  ['$.a[::-1]', 'A slice that goes backwards'],
])('%s is refused', (query, what) => {
  expect(() => toJqQuery(query, at)).toThrow(what)
})

test.each<readonly [Json, string]>([
  [{ $ref: '#/$defs/a', $defs: { a: {} } }, '$ref'],
  [{ unevaluatedProperties: false }, 'unevaluatedProperties'],
  [{ pattern: '\\bx' }, '\\b'],
  [{ pattern: '\\p{L}' }, '\\p{L}'],
])('%j is refused', (expectation, what) => {
  const write = (): unknown =>
    toJqExpectation(
      expectation,
      (value) => JSON.stringify(value),
      () => false,
      at,
    )
  expect(write).toThrow(OsrunError)
  expect(write).toThrow(what)
})
