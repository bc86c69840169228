import type { DataPath, Json } from '../../model/recipe.ts'
import { describeKind } from '../describe.ts'
import { templatePattern } from '../expectation/expectation-schema.ts'
import type { SchemaGuide } from './guided-schema.ts'
import { isStep, listOf, type Place, type SchemaFault, schemaFault } from './schema-fault.ts'
import type { SchemaError } from './schema-validator.ts'

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
    const fault = schemaFault(path, error, here, place)
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

function pointerToPath(pointer: string): DataPath {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((part) =>
      /^(0|[1-9]\d*)$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~'),
    )
}

const keyKeywords = new Set([
  'additionalProperties',
  'unevaluatedProperties',
  'required',
  'dependentRequired',
  'propertyNames',
])
const shapeKeywords = new Set(['type', 'anyOf', 'oneOf'])
