import type { JsonSchema } from '../../model/step.ts'
import { durationPattern } from '../../util/duration.ts'
import { assertionSchema } from './assertion.ts'

/** A text that holds a template, where a value of another type is wanted. */
export const templatePattern = '\\$\\{'

const template: JsonSchema = { $ref: '#/$defs/template' }
const schema: JsonSchema = { $ref: '#/$defs/json-schema' }
const schemas: JsonSchema = { type: 'array', items: schema, minItems: 1 }
const named: JsonSchema = { type: 'object', additionalProperties: schema }
const number: JsonSchema = { anyOf: [{ type: 'number' }, template] }
const count: JsonSchema = { anyOf: [{ type: 'integer', minimum: 0 }, template] }
const anything: JsonSchema = { $ref: '#/$defs/json' }
const regex: JsonSchema = { type: 'string', format: 'regex' }
const text: JsonSchema = { type: 'string' }
const flag: JsonSchema = { type: 'boolean' }
const typeName: JsonSchema = {
  type: 'string',
  enum: ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'],
}

const keywords: { readonly [keyword: string]: JsonSchema } = {
  type: { anyOf: [typeName, { type: 'array', items: typeName, minItems: 1, uniqueItems: true }] },
  const: anything,
  enum: { type: 'array', items: anything, minItems: 1, uniqueItems: true },
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  multipleOf: { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, template] },
  minLength: count,
  maxLength: count,
  pattern: regex,
  items: schema,
  prefixItems: schemas,
  contains: schema,
  minContains: count,
  maxContains: count,
  minItems: count,
  maxItems: count,
  uniqueItems: flag,
  unevaluatedItems: schema,
  properties: named,
  patternProperties: { type: 'object', propertyNames: { format: 'regex' }, additionalProperties: schema },
  additionalProperties: schema,
  unevaluatedProperties: schema,
  propertyNames: schema,
  required: { type: 'array', items: text, uniqueItems: true },
  dependentRequired: { type: 'object', additionalProperties: { type: 'array', items: text } },
  dependentSchemas: named,
  minProperties: count,
  maxProperties: count,
  allOf: schemas,
  anyOf: schemas,
  oneOf: schemas,
  not: schema,
  if: schema,
  // biome-ignore lint/suspicious/noThenProperty: `then` is the name that JSON Schema gives this keyword.
  then: schema,
  else: schema,
  $ref: { type: 'string', pattern: '^#', title: 'a reference within the schema, starting with #' },
  $defs: named,
  $comment: text,
  title: text,
  description: text,
  default: anything,
  examples: { type: 'array', items: anything },
  deprecated: flag,
  format: { type: 'string', enum: ['path'] },
  readOnly: flag,
  writeOnly: flag,
}

/** What a recipe may expect of a value: a scalar, a list of scalars, or a JSON Schema whose keywords are checked. */
const expectationSchema: JsonSchema = {
  title: 'an expectation: a value, a list of allowed values, or a JSON Schema',
  anyOf: [
    { type: ['string', 'number', 'boolean', 'null'] },
    { type: 'array', items: { type: ['string', 'number', 'boolean', 'null'] }, minItems: 1 },
    { $ref: '#/$defs/json-schema-mapping' },
  ],
}

/** The definitions that verbs' schemas may refer to as `#/$defs/NAME`. */
export const sharedDefinitions: { readonly [name: string]: JsonSchema } = {
  json: { title: 'any value' },
  'template-string': { type: 'string', title: 'a text, which may hold ${templates}' },
  template: { type: 'string', pattern: templatePattern, title: 'a template' },
  duration: { type: 'string', pattern: durationPattern, title: 'a duration such as 500ms, 2s, 5m or 1h' },
  name: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_-]*$', title: 'a name of letters, digits, _ and -' },
  expectation: expectationSchema,
  assertion: assertionSchema,
  'json-schema': { anyOf: [{ type: 'boolean' }, { $ref: '#/$defs/json-schema-mapping' }] },
  'json-schema-mapping': {
    type: 'object',
    properties: keywords,
    patternProperties: { '^x-': {} },
    additionalProperties: false,
  },
}
