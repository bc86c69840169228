import type { DataPath, Json } from '../../model/recipe.ts'
import type { JsonSchema, Verb } from '../../model/step.ts'
import type { StepReading } from './reading.ts'
import { retrySchema } from './retry.ts'
import { openScope } from './scope.ts'
import { checkTemplates } from './step-keys.ts'

/** What may follow `defaults:` besides the keys that verbs take into their values. */
const ownDefaults: { readonly [key: string]: JsonSchema } = {
  timeout: {
    $ref: '#/$defs/duration',
    description: 'The longest time of each step that says none.',
  },
  retry: { ...retrySchema, description: 'How each step that says none sends its requests again.' },
}

/** The JSON Schema of `defaults` with these verbs: their own keys that a recipe may give once for all steps. */
export function defaultsSchema(verbs: readonly Verb[]): JsonSchema {
  return {
    type: 'object',
    minProperties: 1,
    additionalProperties: false,
    properties: { ...Object.assign({}, ...verbs.map(({ defaults }) => defaults?.schemas)), ...ownDefaults },
    description: 'What holds for every step that does not say otherwise.',
  }
}

/** Checks the templates of `defaults`, which read what is there before the first step: inputs, env and run. */
export function checkDefaults(defaults: Json, inputs: Iterable<string>, reading: StepReading): void {
  checkTemplates(defaults, ['defaults'], reading, openScope(undefined, inputs))
}

/** The value of a step's verb with the recipe's defaults in it, and which of its keys they gave. */
export function withDefaults(
  verb: Verb,
  input: Json,
  defaults: JsonSchema,
): { readonly input: Json; readonly defaulted: readonly string[] } {
  const { schemas = {}, fill } = verb.defaults ?? {}
  const given = Object.entries(defaults).filter(([key]) => Object.hasOwn(schemas, key))
  if (fill === undefined || given.length === 0) return { input, defaulted: [] }
  const filled = fill(input, Object.fromEntries(given))
  const before = keysOf(input)
  return { input: filled, defaulted: given.flatMap(([key]) => (before.includes(key) ? [] : [key])) }
}

/** Where a value of a step stands that may be one of the recipe's defaults: in the step, in `defaults`, or as the step itself. */
export function sourcePath(at: DataPath, place: DataPath, input: Json, defaults: JsonSchema): DataPath {
  if (has(input, at)) return [...place, ...at]
  if (has(defaults, at)) return ['defaults', ...at]
  return place
}

function has(value: Json | undefined, [key, ...rest]: DataPath): boolean {
  if (key === undefined) return true
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
  return has((value as { readonly [key: string | number]: Json })[key], rest)
}

function keysOf(input: Json): readonly string[] {
  return typeof input === 'object' && input !== null ? Object.keys(input) : []
}
