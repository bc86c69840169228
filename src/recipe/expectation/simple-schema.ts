import type { Json } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'
import { remembered } from '../../util/remembered.ts'
import type { SchemaError, Validate } from '../schema/schema-validator.ts'

/**
 * Validates by a schema of the commonest keywords without loading ajv, which costs more than a short recipe.
 * Undefined when the schema holds anything else. Agrees with ajv on every schema that it takes.
 */
export function simpleValidator(schema: JsonSchema): Validate | undefined {
  const checks: ((data: unknown) => SchemaError | undefined)[] = []
  for (const [keyword, wanted] of Object.entries(schema)) {
    if (annotations.has(keyword) || keyword.startsWith('x-')) continue
    const check = checkOf(keyword, wanted)
    if (!check) return undefined
    checks.push(check)
  }
  return (data) =>
    checks.flatMap((check) => {
      const error = check(data)
      return error ? [error] : []
    })
}

function checkOf(keyword: string, wanted: Json): ((data: unknown) => SchemaError | undefined) | undefined {
  const test = testOf(keyword, wanted)
  if (!test) return undefined
  const error: SchemaError = {
    keyword,
    instancePath: '',
    params: { [paramNames.get(keyword) ?? 'limit']: wanted },
  }
  return (data) => (test(data) ? undefined : error)
}

function testOf(keyword: string, wanted: Json): ((data: unknown) => boolean) | undefined {
  if (keyword === 'type' && typeof wanted === 'string') return typeTests.get(wanted)
  if (keyword === 'const' && isScalar(wanted)) return (data) => data === wanted
  if (keyword === 'enum' && Array.isArray(wanted) && wanted.length > 0 && wanted.every(isScalar))
    return new Set(wanted).size === wanted.length ? (data) => wanted.includes(data) : undefined
  if (keyword === 'pattern' && typeof wanted === 'string') {
    const pattern = regexOf(wanted)
    return pattern === 'none' ? undefined : (data) => typeof data !== 'string' || pattern.test(data)
  }
  if (typeof wanted !== 'number') return undefined
  const compare = comparisons.get(keyword)
  return compare && ((data) => !isNumber(data) || compare(data, wanted))
}

/** None for a pattern that cannot be used: ajv says why. */
const regexOf = remembered((pattern): RegExp | 'none' => {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return 'none'
  }
})

function isNumber(data: unknown): data is number | bigint {
  return typeof data === 'bigint' || Number.isFinite(data)
}

function isScalar(value: Json): boolean {
  return typeof value !== 'object' || value === null
}

/** Keywords of a JSON Schema that decide nothing here. https://json-schema.org/draft/2020-12/json-schema-validation */
export const annotations: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'format',
  'readOnly',
  'writeOnly',
  '$comment',
])
const paramNames = new Map([
  ['type', 'type'],
  ['const', 'allowedValue'],
  ['enum', 'allowedValues'],
  ['pattern', 'pattern'],
])
const comparisons = new Map<string, (data: number | bigint, limit: number) => boolean>([
  ['minimum', (data, limit) => data >= limit],
  ['maximum', (data, limit) => data <= limit],
  ['exclusiveMinimum', (data, limit) => data > limit],
  ['exclusiveMaximum', (data, limit) => data < limit],
])
const typeTests = new Map<string, (data: unknown) => boolean>([
  ['string', (data) => typeof data === 'string'],
  ['number', isNumber],
  ['integer', (data) => Number.isInteger(data) || typeof data === 'bigint'],
  ['boolean', (data) => typeof data === 'boolean'],
  ['null', (data) => data === null],
  ['array', (data) => Array.isArray(data)],
  ['object', (data) => typeof data === 'object' && data !== null && !Array.isArray(data)],
])
