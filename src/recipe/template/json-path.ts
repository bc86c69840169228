import { createRequire } from 'node:module'
import type { JSONPathQuery, JSONValue } from 'json-p3'
import { OsrunError } from '../../model/problem.ts'
import { valueAt } from '../../util/data-path.ts'
import { rounded } from '../../util/rounded.ts'
import { withTimeLimit } from '../time-limit.ts'

// The build turns this line off, so that the bundle holds json-p3 and still runs it only when it is needed.
const require = createRequire(import.meta.url)

/** Why a text is no JSONPath query (RFC 9535), or undefined when it is one. */
export function checkJsonPath(query: string): string | undefined {
  const compiled = compile(query)
  return typeof compiled === 'string' ? compiled : undefined
}

/**
 * The values that a JSONPath query selects, and whether the query is singular (RFC 9535, 2.3.5.1): its text decides,
 * so a singular query that finds nothing is still singular. Throws `EXPECTATION_INVALID` when it is no query,
 * and `EXPECTATION_SLOW` when it computes too long.
 */
export function queryJson(
  document: unknown,
  query: string,
): { readonly singular: boolean; readonly nodes: readonly unknown[] } {
  const compiled = compile(query)
  if (typeof compiled === 'string') throw invalid(query, compiled)
  const select = (): readonly unknown[] => nodesOf(compiled, document, query)
  try {
    const nodes = mayTakeLong.test(query) ? withTimeLimit(`The query ${query}`, select) : select()
    return { singular: compiled.singularQuery(), nodes }
  } catch (cause) {
    if (cause instanceof OsrunError) throw cause
    throw invalid(query, firstLine(cause), cause)
  }
}

// A filter compares numbers alone, so it looks at rounded ones; what it selects keeps its digits.
function nodesOf(compiled: JSONPathQuery, document: unknown, query: string): readonly unknown[] {
  const compared = query.includes('?') ? rounded(document) : document
  const nodes = compiled.query(compared as JSONValue)
  return compared === document ? nodes.values() : nodes.locations().map((path) => valueAt(document, path))
}

// Patterns, and queries within queries.
const mayTakeLong = /match|search|\?|\.\.[\s\S]*\.\./

/** A selector of a JSONPath query, as data. */
type JsonPathSelector =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'slice'; readonly start?: number; readonly stop?: number; readonly step: number }
  | { readonly kind: 'filter'; readonly expression: JsonPathExpression }
  | { readonly kind: 'wildcard' }

/** A step of a query: what it selects from each node, or from each node and all below it. */
export type JsonPathSegment = {
  readonly descendant: boolean
  readonly selectors: readonly JsonPathSelector[]
}

/** What stands in a filter. */
export type JsonPathExpression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'query'; readonly fromRoot: boolean; readonly segments: readonly JsonPathSegment[] }
  | { readonly kind: 'not'; readonly operand: JsonPathExpression }
  | {
      readonly kind: 'infix'
      readonly operator: string
      readonly left: JsonPathExpression
      readonly right: JsonPathExpression
    }
  | { readonly kind: 'call'; readonly name: string }

/** A query as data, for whoever has to say the same in another language. Throws `EXPECTATION_INVALID`. */
export function parseJsonPath(query: string): {
  readonly singular: boolean
  readonly segments: readonly JsonPathSegment[]
} {
  const compiled = compile(query)
  if (typeof compiled === 'string') throw invalid(query, compiled)
  return { singular: compiled.singularQuery(), segments: segmentsOf(compiled) }
}

type Node = Readonly<Record<string, unknown>>

function segmentsOf(query: JSONPathQuery): readonly JsonPathSegment[] {
  return query.segments.map((segment) => ({
    descendant: String(segment).startsWith('..'),
    selectors: segment.selectors.map((selector) => selectorOf(selector as unknown as Node)),
  }))
}

function selectorOf(selector: Node): JsonPathSelector {
  if (typeof selector.name === 'string') return { kind: 'name', name: selector.name }
  if (typeof selector.index === 'number') return { kind: 'index', index: selector.index }
  if (selector.expression !== undefined)
    return { kind: 'filter', expression: expressionOf(selector.expression as Node) }
  if (!('step' in selector)) return { kind: 'wildcard' }
  const { start, stop, step } = selector
  return {
    kind: 'slice',
    ...(typeof start === 'number' && { start }),
    ...(typeof stop === 'number' && { stop }),
    step: typeof step === 'number' ? step : 1,
  }
}

function expressionOf(node: Node): JsonPathExpression {
  if (node.expression !== undefined) return expressionOf(node.expression as Node)
  if (Array.isArray(node.args)) return { kind: 'call', name: String(node.name) }
  if (node.path !== undefined)
    return {
      kind: 'query',
      fromRoot: String(node).startsWith('$'),
      segments: segmentsOf(node.path as JSONPathQuery),
    }
  if (node.left !== undefined)
    return {
      kind: 'infix',
      operator: String(node.operator),
      left: expressionOf(node.left as Node),
      right: expressionOf(node.right as Node),
    }
  if (node.right !== undefined) return { kind: 'not', operand: expressionOf(node.right as Node) }
  return { kind: 'literal', value: (node.value ?? null) as string | number | boolean | null }
}

function compile(query: string): JSONPathQuery | string {
  const { compile: compileQuery } = require('json-p3') as typeof import('json-p3')
  try {
    return compileQuery(query)
  } catch (error) {
    return firstLine(error)
  }
}

function invalid(query: string, reason: string, cause?: unknown): OsrunError {
  return new OsrunError('EXPECTATION_INVALID', `"${query}" is no JSONPath query: ${reason}.`, { cause })
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return (message.split('\n')[0] ?? message).replace(/ \('.*':(\d+)\)$/, ' at character $1')
}
