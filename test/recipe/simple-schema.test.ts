import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonSchema } from '../../src/model/step.ts'
import { simpleValidator } from '../../src/recipe/expectation/simple-schema.ts'
import { compileSchema } from '../../src/recipe/schema/schema-validator.ts'

const scalar = fc.oneof(
  fc.constantFrom('', 'a', '7', 'ab'),
  fc.integer({ min: -2, max: 8 }),
  fc.boolean(),
  fc.constant(null),
)
const limit = fc.oneof(fc.integer({ min: -2, max: 8 }), fc.constantFrom(0.5, -1.5))
const simple = fc.record(
  {
    type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'array', 'object'),
    const: scalar,
    enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }),
    pattern: fc.constantFrom('^a', '[0-9]+', '.', ''),
    minimum: limit,
    maximum: limit,
    exclusiveMinimum: limit,
    exclusiveMaximum: limit,
    title: fc.constant('a title'),
  },
  { requiredKeys: [] },
)
const value = fc.oneof(scalar, limit, fc.constantFrom([], [1], {}, { a: 1 }))
const told = (errors: readonly { readonly keyword: string; readonly params: object }[]) =>
  errors.map(({ keyword, params }) => JSON.stringify([keyword, params])).sort()

test('a schema of the commonest keywords has the errors that ajv finds', () => {
  fc.assert(
    fc.property(simple, value, (schema, data) => {
      const own = simpleValidator(schema as JsonSchema)
      expect(own).toBeDefined()
      const ajv = compileSchema(schema as JsonSchema)(data)
      // ajv tells a limit's comparison too, which nothing reads.
      const wanted = ajv.map(({ keyword, params: { comparison: _comparison, ...params } }) => ({
        keyword,
        params,
      }))
      expect(told(own?.(data) ?? [])).toEqual(told(wanted))
    }),
  )
})

test.each([
  [{ minItems: 1 }],
  [{ type: ['string', 'null'] }],
  [{ enum: [1, 1] }],
  [{ enum: [] }],
  [{ const: [1] }],
  [{ pattern: '(' }],
  [{ minimum: '1' }],
  [{ properties: {} }],
  [{ misspelt: 1 }],
])('%j is left to ajv', (schema) => expect(simpleValidator(schema)).toBeUndefined())
