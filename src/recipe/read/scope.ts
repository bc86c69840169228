import type { ErrorCode } from '../../model/error-codes.ts'
import type { DataPath, Json } from '../../model/recipe.ts'
import { nearest } from '../../util/text/nearest.ts'
import { readsOf, readTemplate } from '../template/template.ts'

/** The names that only osrun sets, with the verb that does. */
export const reservedNames: { readonly [name: string]: string | undefined } = {
  token: 'authenticate',
  catalog: 'authenticate',
  endpoint: 'pick-endpoint',
  response: 'request',
  steps: undefined,
  item: undefined,
  env: undefined,
  run: undefined,
}

/** The names and step ids that can be read at one point of a recipe. */
export type Scope = {
  readonly outer: Scope | undefined
  readonly names: Set<string>
  readonly ids: Set<string>
  /** A step before this point is so wrong that nobody can say what it sets. */
  uncertain: boolean
}

/** A read that cannot work. */
type ReadFault = {
  readonly code: ErrorCode
  /** Where the text stands that reads. */
  readonly path: DataPath
  readonly message: string
  readonly hint?: string | undefined
  /** The text, and what of it is meant. */
  readonly within: { readonly text: string; readonly offset: number; readonly length: number }
}

/** Starts a scope; one with an outer scope sees that too. */
export function openScope(outer?: Scope, names: Iterable<string> = []): Scope {
  return { outer, names: new Set(names), ids: new Set(), uncertain: false }
}

/** Whether a name has a value at this point, or may have one. */
export function isSet(scope: Scope, name: string): boolean {
  return anyScope(scope, (one) => one.uncertain || one.names.has(name))
}

/** Checks every template in the string leaves of a value. */
export function checkReads(
  value: Json,
  scope: Scope,
  later: () => ReadonlySet<string>,
  report: (fault: ReadFault) => void,
): void {
  visitText(value, [], (text, path) => {
    const { template, faults } = readTemplate(text)
    for (const { message, hint, offset, length } of faults)
      report({ code: 'TEMPLATE_INVALID', path, message, hint, within: { text, offset, length } })
    for (const { path: read, offset, length } of readsOf(template)) {
      const fault = faultOfRead(read, scope, later)
      if (fault) report({ code: 'NAME_UNKNOWN', path, ...fault, within: { text, offset, length } })
    }
  })
}

/** Why a path cannot be read here; undefined when it can. */
export function faultOfRead(
  path: DataPath,
  scope: Scope,
  later: () => ReadonlySet<string>,
): { readonly message: string; readonly hint?: string | undefined } | undefined {
  const name = String(path[0])
  if (name === 'env')
    return path.length === 2 ? undefined : { message: 'env is read as ${env.NAME}.', hint: undefined }
  if (name === 'run') {
    if (path.length === 2 && path[1] === 'id') return undefined
    return { message: `"${path.join('.')}" is not known.`, hint: 'Did you mean "run.id"?' }
  }
  if (name === 'steps') return faultOfStep(path, scope)
  if (isSet(scope, name)) return undefined
  if (name === 'item')
    return {
      message: '"item" has a value only in a step with "for-each" and its "defer".',
      hint: 'Of that step, "when" and "for-each" itself are read before the first item.',
    }
  const setter = Object.hasOwn(reservedNames, name) ? reservedNames[name] : undefined
  if (setter !== undefined)
    return {
      message: `"${name}" is read before any step sets it.`,
      hint: `Put a step "${setter}" before this one.`,
    }
  if (later().has(name))
    return { message: `"${name}" is read before the step that sets it.`, hint: 'Move that step up.' }
  const near = nearest(name, allNames(scope).slice(-500))
  return {
    message: `"${name}" is not known here.`,
    hint:
      near === undefined
        ? 'Declare it under "inputs", or capture it in an earlier step; $${ is a literal ${.'
        : `Did you mean "${near}"?`,
  }
}

function faultOfStep(
  path: DataPath,
  scope: Scope,
): { message: string; hint: string | undefined } | undefined {
  const id = path[1]
  if (id === undefined) return { message: 'steps is read as ${steps.ID}.', hint: undefined }
  if (anyScope(scope, (one) => one.uncertain || one.ids.has(String(id)))) return undefined
  const ids: string[] = []
  anyScope(scope, (one) => {
    ids.push(...one.ids)
    return false
  })
  const near = nearest(String(id), ids)
  return {
    message: `No earlier step has the id "${id}".`,
    hint: near === undefined ? undefined : `Did you mean "${near}"?`,
  }
}

/** The inputs and captures that have a value at this point. */
export function valueNames(scope: Scope): readonly string[] {
  return [...new Set(allNames(scope))].filter((name) => !Object.hasOwn(reservedNames, name))
}

function allNames(scope: Scope): string[] {
  const names = ['env', 'run', 'steps']
  anyScope(scope, (one) => {
    names.push(...one.names)
    return false
  })
  return names
}

function anyScope(scope: Scope, test: (scope: Scope) => boolean): boolean {
  for (let one: Scope | undefined = scope; one; one = one.outer) if (test(one)) return true
  return false
}

function visitText(value: Json, path: DataPath, visit: (text: string, path: DataPath) => void): void {
  if (typeof value === 'string') {
    if (value.includes('${')) visit(value, path)
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visitText(item, [...path, index], visit)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) visitText(item, [...path, key], visit)
  }
}
