import type { Json } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'

/**
 * A schema in which a keyword implies its type: `minimum` means a number and `pattern` a text. Without a type, JSON
 * Schema would let any other value pass.
 */
export function withImpliedTypes(schema: JsonSchema): JsonSchema {
  const result: { [key: string]: Json } = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (oneSchema.has(keyword) && isMapping(value)) result[keyword] = withImpliedTypes(value)
    else if (schemaList.has(keyword) && Array.isArray(value))
      result[keyword] = value.map((item: Json) => (isMapping(item) ? withImpliedTypes(item) : item))
    else if (schemaMap.has(keyword) && isMapping(value))
      result[keyword] = Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, isMapping(item) ? withImpliedTypes(item) : item]),
      )
    else result[keyword] = value
  }
  if (schema.type !== undefined) return result
  const types = Object.entries(impliedTypes).filter(([, keywords]) =>
    keywords.some((one) => Object.hasOwn(schema, one)),
  )
  const names = types.map(([type]) => type)
  if (names.length > 0) result.type = names.length === 1 ? (names[0] ?? '') : names
  return result
}

function isMapping(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const impliedTypes: { readonly [type: string]: readonly string[] } = {
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  string: ['minLength', 'maxLength', 'pattern'],
  array: [
    'items',
    'prefixItems',
    'contains',
    'minContains',
    'maxContains',
    'minItems',
    'maxItems',
    'uniqueItems',
    'unevaluatedItems',
  ],
  object: [
    'properties',
    'patternProperties',
    'additionalProperties',
    'unevaluatedProperties',
    'propertyNames',
    'required',
    'dependentRequired',
    'dependentSchemas',
    'minProperties',
    'maxProperties',
  ],
}
const oneSchema = new Set([
  'items',
  'contains',
  'unevaluatedItems',
  'additionalProperties',
  'unevaluatedProperties',
  'not',
  'if',
  'then',
  'else',
])
const schemaList = new Set(['prefixItems', 'allOf', 'anyOf', 'oneOf'])
const schemaMap = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas'])
