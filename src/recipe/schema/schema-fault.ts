import type { DataPath, Json } from '../../model/recipe.ts'
import { nearest } from '../../util/text/nearest.ts'
import { describeKind, shown } from '../describe.ts'
import { type Alternatives, knownKeys } from './guided-schema.ts'
import type { SchemaError } from './schema-validator.ts'

/** Something in a recipe that its schema refuses. */
export type SchemaFault = {
  readonly path: DataPath
  /** The fault is in the key itself, not in its value. */
  readonly atKey: boolean
  readonly message: string
  readonly hint?: string | undefined
}

/** A place in a recipe: what is there, and the schemas that it may follow. */
export type Place = { readonly value: Json | undefined; readonly schemas: Alternatives }

/** What an error of ajv's at a path says, in the words of the language; `here` are all errors of that place. */
export function schemaFault(
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
export function isStep(path: DataPath): boolean {
  if (path.length < 2 || path.length % 2 !== 0 || path[0] !== 'steps') return false
  return path.every((key, index) =>
    index % 2 === 1 ? typeof key === 'number' : index === 0 || key === 'defer',
  )
}

/** Words as a list: `a, b and c`. */
export function listOf(words: readonly string[], joint: string): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1)}`
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const typeNames: { readonly [type: string]: string } = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'nothing',
  array: 'a list',
  object: 'a mapping',
}
