import type { Position } from '../../model/problem.ts'
import type { Json } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'
import { shown } from '../../recipe/describe.ts'
import { withImpliedTypes } from '../../recipe/expectation/implied-types.ts'
import type { ToJq } from './schema.ts'
import { toJqDifferences } from './schema.ts'

/** An expectation in jq: what is told when there is nothing, and a filter from a value to its differences. */
export type JqExpectation = { readonly absent: string; readonly differences: string }

/** Says an expectation in jq; `isSymbolic` tells a value that is known only at run time. */
export function toJqExpectation(
  expectation: Json,
  toJq: ToJq,
  isSymbolic: (value: Json) => boolean,
  at: Position,
): JqExpectation {
  if (isList(expectation)) {
    const list = `[${expectation.map(toJq).join(', ')}]`
    const absent = expectation.length === 1 ? toJq(expectation[0] ?? null) : list
    return {
      absent:
        expectation.length === 1
          ? `(${absent} | shown)`
          : `("one of " + (${list} | map(shown) | join(", ")))`,
      differences: `one_of(${list})`,
    }
  }
  if (!isMapping(expectation)) {
    const value = toJq(expectation)
    if (!isSymbolic(expectation)) return { absent: jqText(shown(expectation)), differences: `is(${value})` }
    // A text is itself; what comes out of an answer may also be a list of what is allowed.
    const isText = /^env\.\w+$/.test(value)
    return { absent: `(${value} | shown)`, differences: isText ? `is(${value})` : `expected_by(${value})` }
  }
  const schema = withImpliedTypes(expectation)
  const { title: _title, description: _description, $comment: _comment, ...rest } = schema
  const differences = toJqDifferences(schema, toJq, at)
  return {
    absent: isSymbolic(rest)
      ? `("a value that fits " + (${toJq(rest)} | shown | cut))`
      : jqText(`a value that fits ${shown(rest)}`),
    differences: `fits(${asNumber(schema, toJq, isSymbolic)}${differences})`,
  }
}

// As `compileExpectation` decides whether the text of a header counts as a number.
function asNumber(schema: JsonSchema, toJq: ToJq, isSymbolic: (value: Json) => boolean): string {
  const { type, enum: values, const: value } = schema
  if (type !== undefined) return type === 'number' || type === 'integer' ? 'as_number | ' : ''
  if (Array.isArray(values)) return values.every((one) => typeof one === 'number') ? 'as_number | ' : ''
  if (value !== undefined && isSymbolic(value))
    return `(if ${toJq(value)} | type == "number" then as_number else . end) | `
  return typeof value === 'number' ? 'as_number | ' : ''
}

/** A text as a jq string. */
export function jqText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u00a0\u2018-\u201f\u2028-\u202f\ufeff]/g,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function isMapping(value: Json): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
