import { OsrunError } from '../../model/problem.ts'
import type { DataPath, Json } from '../../model/recipe.ts'
import type { Alternatives, SchemaGuide } from '../schema/guided-schema.ts'
import { compileExpectation } from './expectation.ts'
import { sharedDefinitions } from './expectation-schema.ts'

/** A schema in a recipe that follows the grammar of JSON Schema and still cannot be used. */
export type ExpectationFault = { readonly path: DataPath; readonly message: string }

/** Compiles every expectation of a recipe that holds no template, so that a bad pattern is found before the first request. */
export function expectationFaults(data: Json, guide: SchemaGuide): ExpectationFault[] {
  const faults: ExpectationFault[] = []
  const path: (string | number)[] = []

  function visit(value: Json, at: Alternatives): void {
    if (typeof value !== 'object' || value === null || at.length === 0) return
    if (!Array.isArray(value) && at.includes(schemaMapping)) {
      const message = faultOf(value as { readonly [key: string]: Json })
      if (message !== undefined) faults.push({ path: patternPath(value, path), message })
      return
    }
    for (const [key, item] of Object.entries(value)) {
      const step = Array.isArray(value) ? Number(key) : key
      path.push(step)
      visit(item, guide.child(at, step))
      path.pop()
    }
  }

  // Inputs have a check of their own, which knows their types.
  if (typeof data === 'object' && data !== null && 'steps' in data) {
    path.push('steps')
    visit(data.steps ?? null, guide.child(guide.root, 'steps'))
  }
  return faults
}

function faultOf(schema: { readonly [key: string]: Json }): string | undefined {
  if (JSON.stringify(schema).includes('${')) return undefined
  try {
    compileExpectation(schema)
    return undefined
  } catch (error) {
    if (error instanceof OsrunError) return error.message
    throw error
  }
}

/** A bad pattern is nearly always the reason; its own place says more than the schema's. */
function patternPath(schema: Json, path: DataPath): DataPath {
  const hasPattern = typeof schema === 'object' && schema !== null && 'pattern' in schema
  return hasPattern ? [...path, 'pattern'] : [...path]
}

const schemaMapping = sharedDefinitions['json-schema-mapping'] ?? {}
