import { execFileSync } from 'node:child_process'
import { beforeAll, describe, expect, test } from 'vitest'
import { expectationDefinitions } from '../../src/export/jq/definitions.ts'
import { toJqExpectation } from '../../src/export/jq/expectation.ts'
import { toJqQuery } from '../../src/export/jq/json-path.ts'
import type { Json } from '../../src/model/recipe.ts'
import { cut } from '../../src/recipe/describe.ts'
import { compileExpectation } from '../../src/recipe/expectation/expectation.ts'
import { queryJson } from '../../src/recipe/template/json-path.ts'

const at = { file: 'recipe.yaml', line: 1, column: 1 }

const values: readonly Json[] = [
  null,
  true,
  0,
  -1.5,
  200,
  3,
  '',
  'abc',
  '200',
  '1e2',
  'true',
  'a\nb',
  'é€😀',
  [],
  [1, 1],
  [1, 2, 'a'],
  ['identity'],
  [[1], [1]],
  [{ a: 1 }, { a: 'x' }],
  {},
  { a: 1 },
  { a: 'x', b: [1, 'y'] },
  { 'a b': 1, c: { d: null } },
  { '7': 'x'.repeat(200) },
]
const expectations: readonly Json[] = [
  200,
  'abc',
  true,
  null,
  [200, 204],
  ['abc'],
  { minimum: 1 },
  { maximum: 1, exclusiveMinimum: -1 },
  { exclusiveMaximum: 3 },
  { type: 'integer', multipleOf: 3 },
  { type: ['string', 'null'] },
  { minLength: 2, maxLength: 3 },
  { pattern: '^[a-z]+$' },
  { pattern: '^\\d{3}$' },
  { pattern: 'a.b' },
  { pattern: '[^\\w&&]' },
  { pattern: '\\u{1f600}' },
  { const: 'identity' },
  { const: { a: 1 } },
  { const: 200 },
  { enum: [1, 200] },
  { enum: ['abc', null] },
  { type: 'array', minItems: 1, maxItems: 2 },
  { items: { type: 'number', minimum: 2 } },
  { prefixItems: [{ const: 1 }, { type: 'string' }], items: false },
  { prefixItems: [{ const: 1 }], items: { type: 'string' } },
  { uniqueItems: true },
  { contains: { const: 1 }, minContains: 2 },
  { contains: { type: 'number' }, maxContains: 1 },
  { required: ['a', 'b'] },
  { properties: { a: { type: 'integer' }, b: { items: { type: 'integer' } } } },
  { properties: { c: { properties: { d: { type: 'string' } } } }, additionalProperties: false },
  { patternProperties: { '^a': { type: 'string' } }, additionalProperties: { type: 'number' } },
  { propertyNames: { pattern: '^a' } },
  { minProperties: 1, maxProperties: 1 },
  { dependentRequired: { a: ['b', 'c'] } },
  { dependentSchemas: { a: { required: ['b'] } } },
  { allOf: [{ minimum: 1 }, { maximum: 2 }] },
  { anyOf: [{ type: 'string' }, { minimum: 100 }] },
  { oneOf: [{ minimum: 1 }, { maximum: 100 }] },
  { not: { type: 'string' } },
  // biome-ignore lint/suspicious/noThenProperty: `then` is the name that JSON Schema gives this keyword.
  { if: { type: 'string' }, then: { minLength: 1 }, else: { type: 'number' } },
  { properties: { a: false } },
]

const document: Json = {
  a: [
    { b: 1, c: 'x' },
    { b: 2, c: 'y', d: null },
    { c: 'x', b: [1, 2] },
  ],
  "o'k": { 'a b': [0, 1, 2, 3, 4, 5] },
  n: 5,
}
const queries = [
  '$',
  '$.a',
  '$.a[0].b',
  '$.a[-1].c',
  '$.a[7].c',
  '$.missing',
  '$.a[*].b',
  '$..b',
  '$..[0]',
  '$.*',
  '$["o\'k"]["a b"][1:3]',
  '$["o\'k"]["a b"][-2:]',
  '$["o\'k"]["a b"][::2]',
  '$["o\'k"]["a b"][0,2]',
  "$['n','missing','a']",
  '$.a[?@.b == 1].c',
  '$.a[?@.d].c',
  '$.a[?!@.d].c',
  "$.a[?@.c == 'x' && @.b != 1].c",
  '$.a[?@.b > 1 || @.b < 1].b',
  '$.a[?@.b <= $.n].b',
  '$.a[?@.missing == @.nothing].c',
  '$["o\'k"]["a b"][?@ >= 4]',
]

// One process answers all of them: a program has a line each.
let answers: readonly unknown[]
beforeAll(() => {
  const compared = expectations.map((expectation) => {
    const { absent, differences } = toJqExpectation(expectation, JSON.stringify, () => false, at)
    return `[.values[] | [compare("x"; .[]; ${absent}; ${differences})]]`
  })
  const found = queries.map((query) => `[.document | ${toJqQuery(query, at).filter}]`)
  const programs = [...compared, ...found].map((program) => `(try ${program} catch {error: .})`)
  const lines = execFileSync('jq', ['-c', `${expectationDefinitions}\n${programs.join(',\n')}`], {
    input: JSON.stringify({ values: [...values.map((value) => [value]), []], document }),
    encoding: 'utf8',
  })
  answers = lines
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  expect(answers).toHaveLength(programs.length)
})

describe.each(expectations.map((one, index) => [JSON.stringify(one), one, index] as const))(
  '%s',
  (_text, expectation, at) => {
    const own = compileExpectation(expectation)

    test('differs in jq from what it differs from in osrun, in the same words', () => {
      const told = [...values, undefined].map((value) =>
        own(value)
          .map(({ path, expected, found }) => `x${path}: expected ${cut(expected)}, found ${cut(found)}`)
          .sort(),
      )
      expect((answers[at] as string[][]).map((lines) => lines.sort())).toEqual(told)
    })
  },
)

test.each(queries.map((query, index) => [query, index] as const))(
  '%s finds in jq what it finds in osrun',
  (query, index) => {
    const own = queryJson(document, query)
    expect(toJqQuery(query, at).singular).toBe(own.singular)
    expect(answers[expectations.length + index]).toEqual(own.nodes)
  },
)
