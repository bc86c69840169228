import { OsrunError } from '../../model/problem.ts'
import type { DataPath, Json, RecipeInput, RecipeMatrix } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'
import { nearest } from '../../util/text/nearest.ts'
import { inputOf } from '../choose/resolve-inputs.ts'
import type { YamlSource } from '../source/yaml-source.ts'

/** What may follow `matrix:`. */
export const matrixSchema: JsonSchema = {
  type: 'object',
  minProperties: 1,
  propertyNames: { $ref: '#/$defs/name' },
  additionalProperties: {
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: { type: ['string', 'number', 'boolean'], format: 'as-written' },
  },
  description: 'Values of inputs: the recipe is run once for each combination.',
}

/** The most runs that one recipe may make. */
const mostVariants = 1000

/** Reads the section `matrix`, whose form is right already; its values get the types of their inputs. */
export function readMatrix(
  section: Json,
  inputs: readonly RecipeInput[],
  yaml: YamlSource,
  report: (path: DataPath, atKey: boolean, message: string, hint?: string) => void,
): RecipeMatrix {
  if (!isMapping(section)) return {}
  const names = inputs.map(({ name }) => name)
  const entries = Object.entries(section).map(([name, values]): [string, readonly Json[]] => {
    const path = ['matrix', name]
    const input = inputs.find((one) => one.name === name)
    const list = Array.isArray(values) ? (values as readonly Json[]) : []
    if (input === undefined) {
      const near = nearest(name, names)
      const hint = near === undefined ? 'Declare it under "inputs".' : `Did you mean "${near}"?`
      report(path, true, `The recipe has no input "${name}".`, hint)
      return [name, list]
    }
    if (input.secret)
      report(
        path,
        true,
        `"${name}" is secret, and a run is named by the values of its matrix.`,
        'Give it as an input alone.',
      )
    return [
      name,
      list.map((value, index) => typed(value, input, (message) => report([...path, index], false, message))),
    ]
  })
  const runs = entries.reduce((product, [, values]) => product * values.length, 1)
  if (runs > mostVariants)
    report(['matrix'], true, `The matrix makes ${runs} runs; ${mostVariants} are the most.`)
  return Object.fromEntries(entries)

  function typed(value: Json, input: RecipeInput, fault: (message: string) => void): Json {
    if (String(value).includes('${')) {
      fault('A value of the matrix is taken as it stands: no template is filled in there.')
      return value
    }
    try {
      return inputOf(input, { flags: { [input.name]: String(value) } }, yaml.locate([]).file)
    } catch (error) {
      if (!(error instanceof OsrunError)) throw error
      fault(error.message)
      return value
    }
  }
}

function isMapping(value: Json): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
