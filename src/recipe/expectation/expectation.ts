import { OsrunError } from '../../model/problem.ts'
import type { JsonSchema } from '../../model/step.ts'
import { describeKind, written } from '../describe.ts'
import { compileSchema, type SchemaError, type Validate } from '../schema/schema-validator.ts'
import { isQuickPattern, withTimeLimit } from '../time-limit.ts'
import { withImpliedTypes } from './implied-types.ts'
import { simpleValidator } from './simple-schema.ts'

/** One way in which a value differs from an expectation; texts are whole. `path` is '' for the value itself, else `.a[0]`. */
type ExpectationMismatch = {
  readonly path: string
  readonly expected: string
  readonly found: string
}

/** Tells how a value differs; an empty list means that it is as expected. */
export type Expectation = (value: unknown) => readonly ExpectationMismatch[]

/**
 * Makes an expectation of a scalar (equal), a list (one of these) or a JSON Schema, templates rendered already.
 *
 * Numbers compare as numbers also against the text of a header. In a schema, a keyword implies its type: `pattern` on a
 * number is a mismatch. `undefined` means that nothing was there. `exactTypes` turns all of that off, for inputs.
 * Throws `EXPECTATION_INVALID` for what is none of the three; what it gives throws `EXPECTATION_SLOW` for a value on which
 * a schema computes too long.
 */
export function compileExpectation(
  expectation: unknown,
  options: { readonly exactTypes?: boolean } = {},
): Expectation {
  if (Array.isArray(expectation)) return oneOf(expectation)
  if (isMapping(expectation)) return bySchema(expectation, options.exactTypes ?? false)
  if (!isScalar(expectation))
    throw new OsrunError('EXPECTATION_INVALID', `${describeKind(expectation)} is no expectation.`)
  return (value) => (isEqual(expectation, value) ? [] : [mismatch(written(expectation), value)])
}

function oneOf(allowed: readonly unknown[]): Expectation {
  if (allowed.length === 0 || !allowed.every(isScalar))
    throw new OsrunError('EXPECTATION_INVALID', 'A list of allowed values holds scalars, at least one.')
  const expected = allowed.length === 1 ? written(allowed[0]) : `one of ${allowed.map(written).join(', ')}`
  return (value) => (allowed.some((one) => isEqual(one, value)) ? [] : [mismatch(expected, value)])
}

function bySchema(given: JsonSchema, exactTypes: boolean): Expectation {
  const known = exactTypes ? undefined : compiled.get(given)
  if (known) return known
  const schema = exactTypes ? given : withImpliedTypes(given)
  const asNumber = !exactTypes && wantsNumber(schema)
  const check = checkOf(schema)
  const expectation: Expectation = (value) => {
    if (value === undefined) return [mismatch(expectedBy(schema), value)]
    const compared = asNumber && typeof value === 'string' && isNumeral(value) ? Number(value) : value
    return toMismatches(check(compared), compared, value)
  }
  if (!exactTypes) compiled.set(given, expectation)
  return expectation
}

/** Validates by a schema; what may take long is ended after a while. */
function checkOf(schema: JsonSchema): Validate {
  const simple = simpleValidator(schema)
  const check = simple ?? compileSchema(schema)
  const { pattern } = schema
  if (simple !== undefined && typeof pattern !== 'string') return check
  const subject = typeof pattern === 'string' ? `The pattern ${pattern}` : 'The JSON Schema'
  return (value) => {
    const isQuick =
      simple !== undefined &&
      (typeof value !== 'string' || (typeof pattern === 'string' && isQuickPattern(pattern, value)))
    return isQuick ? check(value) : withTimeLimit(subject, () => check(value))
  }
}

/** An undefined value is shown with what would have been right. */
function expectedBy(schema: JsonSchema): string {
  const { title: _title, description: _description, $comment: _comment, ...rest } = schema
  return `a value that fits ${written(rest)}`
}

function toMismatches(
  errors: readonly SchemaError[],
  compared: unknown,
  value: unknown,
): ExpectationMismatch[] {
  const told = new Map<string, ExpectationMismatch>()
  for (const error of preferTypes(errors)) {
    const path = pointerToPath(error.instancePath)
    const found = path.length === 0 ? value : follow(compared, path)
    const expected = describeError(error)
    told.set(`${error.instancePath} ${expected}`, { path: formatPath(path), expected, found: written(found) })
  }
  return [...told.values()]
}

/** A value of the wrong type is told once, not with every keyword that it fails too. */
function preferTypes(errors: readonly SchemaError[]): readonly SchemaError[] {
  const typed = new Set(errors.filter((error) => error.keyword === 'type').map((error) => error.instancePath))
  return errors.filter(
    (error) =>
      error.keyword === 'type' || (!typed.has(error.instancePath) && error.propertyName === undefined),
  )
}

function describeError({ keyword, params, message }: SchemaError): string {
  switch (keyword) {
    case 'type':
      return [params.type]
        .flat()
        .map((type) => typeNames[String(type)] ?? String(type))
        .join(' or ')
    case 'const':
      return written(params.allowedValue)
    case 'enum':
      return `one of ${(params.allowedValues as unknown[]).map(written).join(', ')}`
    case 'pattern':
      return `text that matches ${params.pattern}`
    case 'minimum':
      return `at least ${params.limit}`
    case 'maximum':
      return `at most ${params.limit}`
    case 'exclusiveMinimum':
      return `more than ${params.limit}`
    case 'exclusiveMaximum':
      return `less than ${params.limit}`
    case 'minItems':
    case 'minLength':
    case 'minProperties':
    case 'maxItems':
    case 'maxLength':
    case 'maxProperties':
      return `${keyword.startsWith('min') ? 'at least' : 'at most'} ${counted(Number(params.limit), keyword.slice(3))}`
    case 'required':
      return `the key "${params.missingProperty}"`
    case 'additionalProperties':
      return `no key "${params.additionalProperty}"`
    default:
      return (message ?? keyword).replace(/^must (NOT )?/, (_all, not) => (not === undefined ? '' : 'not '))
  }
}

function counted(count: number, of: string): string {
  const noun = of === 'Items' ? 'item' : of === 'Length' ? 'character' : 'key'
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function wantsNumber(schema: JsonSchema): boolean {
  const { type, enum: values, const: value } = schema
  if (type !== undefined) return type === 'number' || type === 'integer'
  if (Array.isArray(values)) return values.every((one) => typeof one === 'number')
  return typeof value === 'number'
}

function isEqual(expected: unknown, value: unknown): boolean {
  if (expected === value) return true
  if (typeof value !== 'string') return false
  if (typeof expected === 'bigint') return value === String(expected)
  if (typeof expected === 'number') return isNumeral(value) && Number(value) === expected
  return typeof expected === 'boolean' && value === String(expected)
}

function mismatch(expected: string, value: unknown): ExpectationMismatch {
  return { path: '', expected, found: value === undefined ? 'nothing there' : written(value) }
}

function isNumeral(text: string): boolean {
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)
}

function isScalar(value: unknown): value is string | number | bigint | boolean | null {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
}

function isMapping(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function pointerToPath(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function follow(value: unknown, path: readonly string[]): unknown {
  let found = value
  for (const key of path) found = (found as Record<string, unknown> | undefined)?.[key]
  return found
}

function formatPath(path: readonly string[]): string {
  return path
    .map((key) =>
      /^\d+$/.test(key) ? `[${key}]` : /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
    )
    .join('')
}

const compiled = new WeakMap<JsonSchema, Expectation>()
const typeNames: { readonly [type: string]: string } = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
  array: 'a list',
  object: 'a mapping',
}
