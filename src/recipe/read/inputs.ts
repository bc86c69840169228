import { OsrunError } from '../../model/problem.ts'
import type { DataPath, Json, RecipeInput } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'
import { cut } from '../describe.ts'
import { compileExpectation } from '../expectation/expectation.ts'
import { compileSchema } from '../schema/schema-validator.ts'
import type { YamlSource } from '../source/yaml-source.ts'
import { reservedNames } from './scope.ts'

/** Tells of a fault in the recipe's inputs. */
export type ReportInput = (path: DataPath, message: string, hint?: string) => void

/** Reads the section `inputs` of a recipe whose form is right already. */
export function readInputs(section: Json, yaml: YamlSource, report: ReportInput): RecipeInput[] {
  if (typeof section !== 'object' || section === null) return []
  return Object.entries(section).map(([name, value]) => {
    const path = ['inputs', name]
    if (Object.hasOwn(reservedNames, name))
      report(path, `"${name}" is a name that osrun itself uses.`, 'Give the input another name.')
    const input = isMapping(value) ? fromSchema(value, yaml, path, report) : fromDefault(value, yaml, path)
    if (holdsTemplate(input.default))
      report(
        [...path, ...(isMapping(value) ? ['default'] : [])],
        'A default is taken as it stands: no template is filled in there.',
      )
    return { name, at: yaml.locateKey(path), ...input }
  })
}

type Facts = Omit<RecipeInput, 'name' | 'at'>

function fromDefault(value: Json, yaml: YamlSource, path: DataPath): Facts {
  if (value === null) return { schema: { type: 'string' }, required: true, secret: false }
  const source = yaml.sourceOf(path)
  // `0123` and `2.90` are names made of digits: as numbers they would lose some.
  const kept = typeof value === 'number' && source !== undefined && source !== String(value) ? source : value
  return { schema: { type: typeof kept }, default: kept, required: false, secret: false }
}

function fromSchema(given: JsonSchema, yaml: YamlSource, path: DataPath, report: ReportInput): Facts {
  const schema = given.type === 'string' ? withTextValues(given, yaml, path) : given
  const secret = schema.writeOnly === true
  const facts = {
    schema,
    ...(typeof schema.description === 'string' && { description: schema.description }),
    ...(schema.default !== undefined && { default: schema.default }),
    required: schema.default === undefined,
    secret,
  }
  if (secret && schema.default !== undefined && schema.default !== '') {
    const hint = `Remove it, and give the value in the environment: OSRUN_INPUT_${path.at(-1)}.`
    report([...path, 'default'], 'A secret does not belong in a recipe.', hint)
    return facts
  }
  const fault = faultOfValue(schema, schema.default)
  if (fault) report([...path, ...(fault.inSchema ? [] : ['default'])], fault.message)
  return facts
}

function withTextValues(schema: JsonSchema, yaml: YamlSource, path: DataPath): JsonSchema {
  const asText = (value: Json, at: DataPath): Json =>
    typeof value === 'number' || typeof value === 'boolean' ? (yaml.sourceOf(at) ?? value) : value
  const changed: { [key: string]: Json } = { ...schema }
  for (const key of ['default', 'const'])
    if (schema[key] !== undefined) changed[key] = asText(schema[key], [...path, key])
  for (const key of ['enum', 'examples']) {
    const list = schema[key]
    if (Array.isArray(list)) changed[key] = list.map((item, index) => asText(item, [...path, key, index]))
  }
  return changed
}

function faultOfValue(
  schema: JsonSchema,
  value: Json | undefined,
): { readonly inSchema: boolean; readonly message: string } | undefined {
  try {
    if (value === undefined) {
      // Compiling is what shows that a pattern or a reference cannot be used.
      if (schema.pattern !== undefined || schema.$ref !== undefined) compileSchema(schema)
      return undefined
    }
    const [mismatch] = compileExpectation(schema, { exactTypes: true })(value)
    if (!mismatch) return undefined
    const { path, expected, found } = mismatch
    const message = `The default${path === '' ? '' : `'s ${path}`} must be ${expected}; found ${cut(found)}.`
    return { inSchema: false, message }
  } catch (error) {
    if (!(error instanceof OsrunError)) throw error
    return { inSchema: true, message: error.message }
  }
}

function holdsTemplate(value: Json | undefined): boolean {
  return typeof value === 'string' && value.includes('${')
}

function isMapping(value: Json): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
