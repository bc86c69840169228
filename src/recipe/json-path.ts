import { createRequire } from 'node:module'
import type { JSONPathQuery, JSONValue } from 'json-p3'
import { OsrunError } from '../model/problem.ts'

// The build turns this line off, so that the bundle holds json-p3 and still runs it only when it is needed.
const require = createRequire(import.meta.url)

/** Why a text is no JSONPath query (RFC 9535), or undefined when it is one. */
export function checkJsonPath(query: string): string | undefined {
  const compiled = compile(query)
  return typeof compiled === 'string' ? compiled : undefined
}

/**
 * The values that a JSONPath query selects, and whether the query is singular (RFC 9535, 2.3.5.1): its text decides,
 * so a singular query that finds nothing is still singular. Throws `EXPECTATION_INVALID` when it is no query.
 */
export function queryJson(
  document: unknown,
  query: string,
): { readonly singular: boolean; readonly nodes: readonly unknown[] } {
  const compiled = compile(query)
  if (typeof compiled === 'string') throw invalid(query, compiled)
  try {
    return { singular: compiled.singularQuery(), nodes: compiled.query(document as JSONValue).values() }
  } catch (cause) {
    throw invalid(query, firstLine(cause), cause)
  }
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
