import type { DataPath, Json, RecipeOutput } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'
import { isTakenVariable, variableOf } from '../../util/environment-name.ts'
import type { StepReading } from './reading.ts'
import { reservedNames, type Scope } from './scope.ts'
import { checkNames, checkTemplates } from './step-keys.ts'

/** What may follow `outputs:`. */
export const outputsSchema: JsonSchema = {
  title: 'a list of names, or a mapping of names to values',
  description: 'What the recipe is for: names, or names with their values, told at the end.',
  anyOf: [
    { type: 'array', items: { $ref: '#/$defs/name' }, minItems: 1, uniqueItems: true },
    {
      type: 'object',
      minProperties: 1,
      propertyNames: { $ref: '#/$defs/name' },
      additionalProperties: { $ref: '#/$defs/json' },
    },
  ],
}

/** Reads the section `outputs`; `scope` has what the steps set. */
export function readOutputs(section: Json, reading: StepReading, scope: Scope): readonly RecipeOutput[] {
  const outputs = entriesOf(section)
  const owners = new Map<string, string>()
  for (const { name, path, isName } of outputs) {
    const report = (message: string, hint: string): void =>
      reading.report('RECIPE_INVALID', at(path, isName, reading), message, hint)
    const variable = variableOf(name)
    const owner = owners.get(variable)
    if (Object.hasOwn(reservedNames, name) && name !== 'endpoint')
      report(`"${name}" is a name that osrun itself uses.`, 'Give the output another name.')
    else if (isTakenVariable(variable))
      report(`"${name}" would be $${variable}, which means something to a shell.`, 'Give it another name.')
    else if (owner !== undefined)
      report(`"${name}" and "${owner}" would both be $${variable}.`, 'Give one of them another name.')
    owners.set(variable, name)
  }
  for (const { name, value, path, isName } of outputs)
    if (isName) checkNames([{ name, path: [] }], path, withValues(reading), scope)
    else checkTemplates(value, path, reading, scope)
  return outputs.map(({ name, value, path, isName }) => ({
    name,
    value,
    locate: (within) => (isName ? reading.yaml.locate(path) : reading.yaml.locate([...path, ...within])),
  }))
}

type Entry = {
  readonly name: string
  readonly value: Json
  readonly path: DataPath
  readonly isName: boolean
}

function entriesOf(section: Json): readonly Entry[] {
  if (typeof section !== 'object' || section === null) return []
  if (Array.isArray(section))
    return section.map((name, index) => ({
      name: String(name),
      value: `\${${String(name)}}`,
      path: ['outputs', index],
      isName: true,
    }))
  return Object.entries(section).map(([name, value]) => ({
    name,
    value,
    path: ['outputs', name],
    isName: false,
  }))
}

function at(path: DataPath, isName: boolean, { yaml }: StepReading) {
  return isName ? yaml.locate(path) : yaml.locateKey(path)
}

// An item of a list has no key to point at.
function withValues(reading: StepReading): StepReading {
  const { yaml } = reading
  return { ...reading, yaml: { ...yaml, locateKey: (path) => yaml.locate(path) } }
}
