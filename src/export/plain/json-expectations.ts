import type { Position } from '../../model/problem.ts'
import type { Json } from '../../model/recipe.ts'
import { jqText } from '../jq/expectation.ts'
import { toJqPattern } from '../jq/pattern.ts'
import { notPlain } from './not-plain.ts'

/** A condition in jq of the value that is its input. */
export function jqCondition(expected: Json, at: Position, write: (value: Json) => string): string {
  if (Array.isArray(expected)) return `IN(${expected.map((one: Json) => write(one)).join(', ')})`
  if (typeof expected !== 'object' || expected === null) return `. == ${write(expected)}`
  const conditions = Object.entries(expected).map(([keyword, operand]) => {
    const condition = keywords[keyword]?.(operand, at, write)
    if (condition === undefined) throw notPlain(`The expectation "${keyword}" of JSON`, at)
    return condition
  })
  return conditions.length === 0 ? 'true' : conditions.join(' and ')
}

type Keyword = (operand: Json, at: Position, write: (value: Json) => string) => string | undefined

const compared =
  (operator: string): Keyword =>
  (operand, _at, write) =>
    `. ${operator} ${write(operand)}`

const counted =
  (operator: string): Keyword =>
  (operand) =>
    `length ${operator} ${String(operand)}`

const keywords: Readonly<Record<string, Keyword>> = {
  const: compared('=='),
  enum: (operand, at, write) => jqCondition(operand, at, write),
  minimum: compared('>='),
  maximum: compared('<='),
  exclusiveMinimum: compared('>'),
  exclusiveMaximum: compared('<'),
  minLength: counted('>='),
  maxLength: counted('<='),
  minItems: counted('>='),
  maxItems: counted('<='),
  pattern: (operand, at) => `test(${jqText(toJqPattern(String(operand), at))})`,
  type: (operand) => {
    const name = String(operand)
    if (Array.isArray(operand)) return undefined
    if (name === 'integer') return '(type == "number" and floor == .)'
    return `type == "${name}"`
  },
}
