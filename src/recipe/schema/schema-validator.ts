import { createRequire } from 'node:module'
import type { Ajv2020, Options } from 'ajv/dist/2020.js'
import { OsrunError } from '../../model/problem.ts'
import type { JsonSchema } from '../../model/step.ts'
import { rounded } from '../../util/rounded.ts'

// The build turns this line off, so that the bundle holds ajv and still runs it only when it is needed.
const require = createRequire(import.meta.url)

/** One difference between data and a schema, as ajv and its standalone modules tell it. */
export type SchemaError = {
  readonly keyword: string
  readonly instancePath: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string | undefined
  readonly propertyName?: string | undefined
}

/** Validates data; no errors means that it is right. */
export type Validate = (data: unknown) => readonly SchemaError[]

/** A function as ajv makes it, in this process or beforehand with `ajv/dist/standalone`. */
type CompiledValidator = {
  (data: unknown): unknown
  errors?: readonly SchemaError[] | null | undefined
}

/** The settings that a recipe validator, compiled beforehand or not, must be made with. */
export const recipeValidatorOptions = {
  allErrors: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
  strictTuples: false,
  allowMatchingProperties: true,
  allowUnionTypes: true,
  validateFormats: false,
} as const satisfies Options

/** Turns a schema into a function; all errors are told. */
export function compileRecipeValidator(schema: JsonSchema): Validate {
  return fromCompiled(compileOnce(schema, recipeValidatorOptions))
}

/** Compiles the schema of an input or an expectation, strictly; throws `EXPECTATION_INVALID`. ajv knows no bigints: they are rounded. */
export function compileSchema(schema: JsonSchema | boolean): Validate {
  if (rounded(schema) !== schema)
    throw new OsrunError(
      'EXPECTATION_INVALID',
      'An integer beyond 2^53 is compared by `const` and `enum` alone.',
      {
        hint: 'Look at its own place, such as json: { $.id: "${id}" }.',
      },
    )
  const validate = fromCompiled(compileOnce(schema, recipeValidatorOptions))
  return (data) => validate(rounded(data))
}

/** Gives a function made by ajv the shape that osrun uses. */
function fromCompiled(compiled: CompiledValidator): Validate {
  return (data) => (compiled(data) ? [] : (compiled.errors ?? []))
}

function compileOnce(schema: JsonSchema | boolean, options: Options): CompiledValidator {
  const { Ajv2020: Ajv } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js')
  instance ??= new Ajv({ ...options, addUsedSchema: false, logger: false })
  try {
    return instance.compile(schema) as CompiledValidator
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OsrunError('EXPECTATION_INVALID', `The JSON Schema cannot be used: ${reason}.`, { cause })
  } finally {
    // ajv would keep every schema for ever.
    if (typeof schema === 'object') instance.removeSchema(schema)
  }
}

// Making an instance costs more than compiling a small schema.
let instance: Ajv2020 | undefined
