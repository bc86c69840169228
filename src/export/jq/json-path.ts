import type { Position } from '../../model/problem.ts'
import {
  type JsonPathExpression,
  type JsonPathSegment,
  parseJsonPath,
} from '../../recipe/template/json-path.ts'
import { cannotExport } from '../cannot-export.ts'

/** A jq filter that gives the nodes of a query one by one, and whether the query is singular. */
export type JqQuery = { readonly singular: boolean; readonly filter: string }

/**
 * Says a JSONPath query in jq, of the document that is its input. Functions are refused.
 * https://www.rfc-editor.org/rfc/rfc9535 https://jqlang.org/manual/v1.6/
 */
export function toJqQuery(query: string, at: Position): JqQuery {
  const { singular, segments } = parseJsonPath(query)
  const path = pathOf(segments, at)
  return { singular, filter: path.includes('$root') ? `. as $root | ${path}` : path }
}

function pathOf(segments: readonly JsonPathSegment[], at: Position): string {
  const steps = segments.map((segment) => {
    const selected = segment.selectors.map((selector) => selectorOf(selector, at))
    const all = selected.length === 1 ? (selected[0] ?? '') : `(${selected.join(', ')})`
    return segment.descendant ? `recurse | ${all}` : all
  })
  return steps.length === 0 ? '.' : steps.join(' | ')
}

function selectorOf(selector: JsonPathSegment['selectors'][number], at: Position): string {
  switch (selector.kind) {
    case 'name': {
      const key = JSON.stringify(selector.name)
      return `(objects | select(has(${key})) | .[${key}])`
    }
    case 'index': {
      const { index } = selector
      const needed = index < 0 ? -index : index + 1
      return `(arrays | select(length >= ${needed}) | .[${index}])`
    }
    case 'wildcard':
      return '((arrays, objects) | .[])'
    case 'slice':
      return sliceOf(selector, at)
    case 'filter':
      return `((arrays, objects) | .[] | select(${conditionOf(selector.expression, at)}))`
    default:
      return selector satisfies never
  }
}

function sliceOf(
  { start, stop, step }: { readonly start?: number; readonly stop?: number; readonly step: number },
  at: Position,
): string {
  if (step === 1) return `(arrays | .[${start ?? ''}:${stop ?? (start === undefined ? 'length' : '')}][])`
  if (step < 1) throw cannotExport('A slice that goes backwards', at)
  const part = `.[${start ?? 0}:${stop ?? ''}]`
  return `(arrays | ${part} | . as $part | range(0; length; ${step}) | $part[.])`
}

function conditionOf(expression: JsonPathExpression, at: Position): string {
  switch (expression.kind) {
    case 'query':
      return `([${nodesOf(expression, at)}] | length > 0)`
    case 'not':
      return `(${conditionOf(expression.operand, at)} | not)`
    case 'infix': {
      const { operator, left, right } = expression
      if (operator === '&&') return `(${conditionOf(left, at)} and ${conditionOf(right, at)})`
      if (operator === '||') return `(${conditionOf(left, at)} or ${conditionOf(right, at)})`
      return comparison(operator, `[${nodesOf(left, at)}]`, `[${nodesOf(right, at)}]`)
    }
    case 'call':
      throw cannotExport(`The JSONPath function ${expression.name}()`, at)
    case 'literal':
      throw cannotExport('A literal that stands alone in a filter', at)
    default:
      return expression satisfies never
  }
}

// Both sides are lists of no or one node, so that nothing equals nothing.
function comparison(operator: string, left: string, right: string): string {
  if (operator === '==') return `(${left} == ${right})`
  if (operator === '!=') return `(${left} != ${right})`
  const [low, high] = operator.startsWith('<') ? [left, right] : [right, left]
  const less = `(${low} as $low | ${high} as $high | ($low + $high | map(type)) as $types | ($types == ["number", "number"] or $types == ["string", "string"]) and $low < $high)`
  return operator.endsWith('=') ? `(${less} or ${left} == ${right})` : less
}

function nodesOf(expression: JsonPathExpression, at: Position): string {
  if (expression.kind === 'literal') return JSON.stringify(expression.value)
  if (expression.kind === 'query')
    return `${expression.fromRoot ? '$root | ' : ''}${pathOf(expression.segments, at)}`
  if (expression.kind === 'call') throw cannotExport(`The JSONPath function ${expression.name}()`, at)
  throw cannotExport('This comparison in a filter', at)
}
