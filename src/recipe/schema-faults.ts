import type { DataPath, Json } from '../model/recipe.ts'
import { nearest } from '../util/nearest.ts'
import { describeKind, shown } from './describe.ts'
import { templatePattern } from './expectation-schema.ts'
import { type Alternatives, knownKeys, type SchemaGuide } from './guided-schema.ts'
import type { SchemaError } from './schema-validator.ts'

/** Something in a recipe that its schema refuses. */
export type SchemaFault = {
  readonly path: DataPath
  /** The fault is in the key itself, not in its value. */
  readonly atKey: boolean
  readonly message: string
  readonly hint?: string | undefined
}

/** What the faults are told of: the data, its schema, and the verbs of the language. */
export type FaultContext = {
  readonly data: Json
  readonly guide: SchemaGuide
  readonly verbs: readonly string[]
}

/** Turns ajv's errors into one fault for each place, without the noise of alternatives that were never meant. */
export function schemaFaults(errors: readonly SchemaError[], context: FaultContext): SchemaFault[] {
  const groups = new Map<string, SchemaError[]>()
  const parents = new Set<string>()
  for (const error of errors) {
    const group = groups.get(error.instancePath)
    if (group) group.push(error)
    else {
      groups.set(error.instancePath, [error])
      for (
        let at = error.instancePath.lastIndexOf('/');
        at >= 0;
        at = error.instancePath.lastIndexOf('/', at - 1)
      ) {
        parents.add(error.instancePath.slice(0, at))
        if (at === 0) break
      }
    }
  }
  return [...groups].flatMap(([pointer, group]) => {
    const path = pointerToPath(pointer)
    const place = placeOf(path, context)
    if (isStep(path)) return stepFaults(path, group, place, context)
    return faultsAt(path, group, place, parents.has(pointer))
  })
}

type Place = { readonly value: Json | undefined; readonly schemas: Alternatives }

function placeOf(path: DataPath, context: FaultContext): Place {
  let value: Json | undefined = context.data
  let schemas = context.guide.root
  for (const key of path) {
    const isList: boolean = Array.isArray(value)
    value =
      typeof value === 'object' && value !== null
        ? (value as { readonly [key: string | number]: Json })[key]
        : undefined
    schemas = context.guide.child(schemas, isList ? Number(key) : String(key))
  }
  return { value, schemas }
}

function stepFaults(
  path: DataPath,
  group: readonly SchemaError[],
  place: Place,
  { verbs }: FaultContext,
): SchemaFault[] {
  const { value } = place
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const known =
      typeof value === 'string' ? verbs.find((verb) => value.split(/[\s:]/)[0] === verb) : undefined
    const message = `A step is a mapping with one verb; found ${describeKind(value)}.`
    return [{ path, atKey: false, message, hint: known && `Write "- ${known}:", with the colon.` }]
  }
  const faults = faultsAt(
    path,
    group.filter(
      (error) => error.keyword === 'additionalProperties' || error.keyword === 'dependentRequired',
    ),
    place,
    false,
  )
  const found = verbs.filter((verb) => Object.hasOwn(value, verb))
  if (found.length > 1) {
    const message = `A step has exactly one verb; found ${listOf(found, 'and')}.`
    faults.push({ path: [...path, found[1] ?? ''], atKey: true, message, hint: 'Make two steps of it.' })
  } else if (found.length === 0 && faults.length === 0) {
    const hint = `The verbs are ${listOf(verbs, 'and')}.`
    faults.push({ path, atKey: false, message: 'A step has exactly one verb; found none.', hint })
  }
  return faults
}

function faultsAt(
  path: DataPath,
  group: readonly SchemaError[],
  place: Place,
  deeper: boolean,
): SchemaFault[] {
  const here = group.filter((error) => error.propertyName === undefined && error.keyword !== 'if')
  const chosen = choose(here, deeper)
  const seen = new Set<string>()
  return chosen.flatMap((error) => {
    const fault = faultOf(path, error, here, place)
    const mark = `${fault.path.join('/')} ${fault.message}`
    if (seen.has(mark)) return []
    seen.add(mark)
    return [fault]
  })
}

/** A type that does not fit only tells something when no alternative of the right type has said more. */
function choose(here: readonly SchemaError[], deeper: boolean): readonly SchemaError[] {
  const keys = here.filter((error) => keyKeywords.has(error.keyword))
  if (keys.length > 0) return keys
  const alternative = here.some((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf')
  if (alternative && deeper) return []
  const values = here.filter(
    (error) => !shapeKeywords.has(error.keyword) && error.params.pattern !== templatePattern,
  )
  if (alternative && values.length > 0) return values.slice(0, 1)
  return here.slice(0, 1)
}

function faultOf(
  path: DataPath,
  error: SchemaError,
  here: readonly SchemaError[],
  place: Place,
): SchemaFault {
  const { params } = error
  const label = labelOf(path)
  const found = `found ${shown(place.value)}`
  const fault = (message: string, hint?: string): SchemaFault => ({ path, atKey: false, message, hint })
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = String(params.additionalProperty ?? params.unevaluatedProperty)
      const near = nearest(key, knownKeys(place.schemas))
      const hint = near === undefined ? knownHint(place.schemas) : `Did you mean "${near}"?`
      const where = path.length === 0 ? 'a recipe' : isStep(path) ? 'a step' : label
      return { path: [...path, key], atKey: true, message: `Unknown key "${key}" in ${where}.`, hint }
    }
    case 'required':
      if (path.length === 0 && params.missingProperty === 'osrun')
        return fault('A recipe says which version of the language it is in.', 'Start it with "osrun: 1".')
      return {
        path,
        atKey: true,
        message: `${capitalized(path.length === 0 ? 'a recipe' : label)} needs the key "${params.missingProperty}".`,
      }
    case 'dependentRequired': {
      const { property, missingProperty } = params
      const message = `"${property}" means something only beside "${missingProperty}".`
      return { path: [...path, String(property)], atKey: true, message, hint: `Add "${missingProperty}".` }
    }
    case 'propertyNames': {
      const key = String(params.propertyName)
      const message = `"${key}" is no name: use letters, digits, _ and -, and start with a letter.`
      return { path: [...path, key], atKey: true, message }
    }
    case 'const':
      if (path[0] === 'osrun') return fault(`This osrun reads version 1 of the language; ${found}.`)
      return fault(`${capitalized(label)} must be ${shown(params.allowedValue as Json)}; ${found}.`)
    case 'enum': {
      const allowed = (params.allowedValues as readonly Json[]).map(String)
      const near = typeof place.value === 'string' ? nearest(place.value, allowed) : undefined
      const message = `${capitalized(label)} must be one of ${allowed.join(', ')}; ${found}.`
      return fault(message, near === undefined ? undefined : `Did you mean "${near}"?`)
    }
    case 'pattern':
      return fault(`${capitalized(label)} must be ${patternTitle(params.pattern, place)}; ${found}.`)
    case 'type':
    case 'anyOf':
    case 'oneOf': {
      const types = here
        .filter((one) => one.keyword === 'type')
        .flatMap((one) => one.params.type as string | string[])
      const wanted = [...new Set(types.map((type) => typeNames[type] ?? type))]
      if (wanted.length === 0) return fault(`${capitalized(label)} has a form that is not allowed; ${found}.`)
      return fault(
        `${capitalized(label)} must be ${listOf(wanted, 'or')}; found ${describeKind(place.value)}.`,
      )
    }
    case 'false schema':
      return {
        ...fault(
          `${capitalized(label)} excludes the keys beside it that mean the same.`,
          'Keep one of them.',
        ),
        atKey: true,
      }
    case 'minItems':
    case 'minLength':
    case 'minProperties':
      if (params.limit === 1) return fault(`${capitalized(label)} must not be empty.`)
  }
  return fault(`${capitalized(label)} ${error.message ?? 'is not allowed'}; ${found}.`)
}

function patternTitle(pattern: unknown, place: Place): string {
  const schema = place.schemas.find((part) => part.pattern === pattern && part.title !== undefined)
  return schema ? String(schema.title) : `text that matches ${pattern}`
}

function knownHint(schemas: Alternatives): string | undefined {
  const keys = knownKeys(schemas)
  return keys.length > 0 && keys.length <= 20 ? `The keys are ${listOf(keys, 'and')}.` : undefined
}

function labelOf(path: DataPath): string {
  const last = path.at(-1)
  if (typeof last === 'string') return `"${last}"`
  const owner = path.findLast((key) => typeof key === 'string')
  return owner === undefined ? 'the file' : `an item of "${owner}"`
}

/** Whether a path leads to a step: `steps/0`, `steps/0/defer/1`. */
function isStep(path: DataPath): boolean {
  if (path.length < 2 || path.length % 2 !== 0 || path[0] !== 'steps') return false
  return path.every((key, index) =>
    index % 2 === 1 ? typeof key === 'number' : index === 0 || key === 'defer',
  )
}

function pointerToPath(pointer: string): DataPath {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((part) =>
      /^(0|[1-9]\d*)$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~'),
    )
}

function listOf(words: readonly string[], joint: string): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1)}`
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const keyKeywords = new Set([
  'additionalProperties',
  'unevaluatedProperties',
  'required',
  'dependentRequired',
  'propertyNames',
])
const shapeKeywords = new Set(['type', 'anyOf', 'oneOf'])
const typeNames: { readonly [type: string]: string } = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'nothing',
  array: 'a list',
  object: 'a mapping',
}
