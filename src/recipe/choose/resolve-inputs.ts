import { OsrunError } from '../../model/problem.ts'
import type { Json, Recipe, RecipeInput } from '../../model/recipe.ts'
import { readJson } from '../../util/parse-json.ts'
import { nearest } from '../../util/text/nearest.ts'
import { cut } from '../describe.ts'
import { compileExpectation } from '../expectation/expectation.ts'
import { schemaGuide } from '../schema/guided-schema.ts'
import { readYaml } from '../source/yaml-source.ts'
import { fromFolder } from './file-inputs.ts'

/** Values for inputs, by where they were given. */
export type GivenInputs = {
  /** Of any type already. */
  readonly values?: Readonly<Record<string, Json>>
  /** Text, as a command line has it. */
  readonly flags?: Readonly<Record<string, string>>
  readonly file?: Readonly<Record<string, Json>>
  /** Text; names that no input has are somebody else's. */
  readonly environment?: Readonly<Record<string, string>>
  /** Where the paths start that are given; they stay as they are without. */
  readonly folder?: string
}

/** Values that an `include` gives: text as a command line has it, and what templates made of any type. */
export function fromInclude(given: Readonly<Record<string, Json>>): GivenInputs {
  const texts = Object.entries(given).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  const others = Object.entries(given).filter(([, value]) => typeof value !== 'string')
  return { flags: Object.fromEntries(texts), values: Object.fromEntries(others) }
}

/**
 * The value of every input: flags before the file before the environment before the recipe's default.
 *
 * @throws OsrunError INPUT_UNKNOWN, INPUT_MISSING or INPUT_INVALID
 */
export function resolveInputs(recipe: Recipe, given: GivenInputs): Readonly<Record<string, Json>> {
  refuseUnknown(recipe, given)
  return Object.fromEntries(recipe.inputs.map((input) => [input.name, inputOf(input, given, recipe.file)]))
}

/**
 * As `resolveInputs`, but an input without any value is left out.
 *
 * @throws OsrunError INPUT_UNKNOWN or INPUT_INVALID
 */
export function knownInputs(recipe: Recipe, given: GivenInputs): Readonly<Record<string, Json>> {
  refuseUnknown(recipe, given)
  return Object.fromEntries(
    recipe.inputs.flatMap((input) => {
      const value = knownInput(input, given, recipe.file)
      return value === undefined ? [] : [[input.name, value]]
    }),
  )
}

/**
 * The recipe with the values that are given as the defaults of its inputs.
 *
 * @throws OsrunError INPUT_UNKNOWN or INPUT_INVALID
 */
export function withDefaults(recipe: Recipe, given: GivenInputs): Recipe {
  const values = knownInputs(recipe, given)
  const inputs = recipe.inputs.map((input): RecipeInput => {
    const value = values[input.name]
    return value === undefined ? input : { ...input, default: value, required: false }
  })
  return { ...recipe, inputs }
}

function refuseUnknown(recipe: Recipe, given: GivenInputs): void {
  const names = recipe.inputs.map(({ name }) => name)
  for (const name of [given.values, given.flags, given.file].flatMap((one) => Object.keys(one ?? {}))) {
    if (names.includes(name)) continue
    const guess = nearest(name, names)
    const known = names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}.`
    throw new OsrunError('INPUT_UNKNOWN', `The recipe "${recipe.file}" has no input "${name}".`, {
      hint: `${guess === undefined ? '' : `Did you mean ${guess}? `}${known}`,
    })
  }
}

/** The value that was given for an input; undefined when none was. */
export function givenValue(input: RecipeInput, given: GivenInputs): Json | undefined {
  const own = <T>(values: Readonly<Record<string, T>> | undefined): T | undefined =>
    values !== undefined && Object.hasOwn(values, input.name) ? values[input.name] : undefined
  const text = own(given.flags)
  const variable = own(given.environment)
  return (
    own(given.values) ??
    (text === undefined ? undefined : fromText(text, input)) ??
    asWanted(own(given.file), input) ??
    (variable === undefined ? undefined : fromText(variable, input))
  )
}

/** The value of one input of the recipe in that file; throws INPUT_MISSING or INPUT_INVALID. */
export function inputOf(input: RecipeInput, given: GivenInputs, file: string): Json {
  const value = knownInput(input, given, file)
  if (value !== undefined) return value
  throw new OsrunError('INPUT_MISSING', `The input "${input.name}" has no value.`, {
    at: input.at,
    hint: `Give it with --input ${input.name}=…, in --inputs FILE, or as OSRUN_INPUT_${input.name}.`,
  })
}

function knownInput(input: RecipeInput, given: GivenInputs, file: string): Json | undefined {
  const own = givenValue(input, given)
  const value = own ?? input.default
  if (value === undefined) return undefined
  const [miss] = compileExpectation(input.schema, { exactTypes: true })(value)
  if (miss === undefined)
    return own === undefined || given.folder === undefined ? value : fromFolder(own, input, given.folder)
  const found = input.secret ? 'something else' : cut(miss.found)
  throw new OsrunError(
    'INPUT_INVALID',
    `The input "${input.name}"${miss.path} of "${file}" must be ${miss.expected}; found ${found}.`,
    { at: input.at },
  )
}

// Text stays text where the schema takes it; digits of a number input become a number.
function fromText(text: string, { schema }: RecipeInput): Json {
  const types = [schema.type].flat()
  if (schema.type === undefined || types.includes('string')) return text
  if ((types.includes('number') || types.includes('integer')) && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text))
    return numberOf(text)
  if (types.includes('boolean') && /^(true|false)$/.test(text)) return text === 'true'
  if (types.includes('array') || types.includes('object')) {
    try {
      return readJson(text) as Json
    } catch {
      // The schema says what was wanted.
      return text
    }
  }
  return text
}

// What a number would round, or cannot hold, keeps its digits.
function numberOf(text: string): Json {
  const value = Number(text)
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(text)) return BigInt(text)
  return Number.isFinite(value) ? value : text
}

// Digits that are a name need no quotes in a file.
function asWanted(value: Json | undefined, { schema }: RecipeInput): Json | undefined {
  return schema.type === 'string' && (typeof value === 'number' || typeof value === 'bigint')
    ? String(value)
    : value
}

/** Reads an inputs file, YAML or JSON: a mapping of names to values. */
export function parseInputsFile(text: string, file: string): Readonly<Record<string, Json>> {
  const yaml = readYaml(text, file, schemaGuide({}))
  const [fault] = yaml.faults
  if (fault !== undefined)
    throw new OsrunError('INPUT_INVALID', withoutValues(fault.message, fault.at.source), {
      at: withoutSource(fault.at),
      hint: fault.hint,
    })
  if (yaml.data === null) return {}
  if (typeof yaml.data !== 'object' || Array.isArray(yaml.data))
    throw new OsrunError('INPUT_INVALID', 'An inputs file is a mapping of names to values.', {
      at: withoutSource(yaml.locate([])),
    })
  return yaml.data as Readonly<Record<string, Json>>
}

// The words of a fault without those of the values in its line, which may be secrets that YAML takes for something else.
function withoutValues(message: string, line = ''): string {
  const [, values = line] = /^[^:[{]*[:[{](.*)$/.exec(line) ?? []
  const words = values
    .split(/[\s,"'[\]{}]+/)
    .map((word) => word.replace(/^[*&|>!%@`]/, ''))
    .filter((word) => word.length >= shortestValue)
    .sort((a, b) => b.length - a.length)
  return words.reduce((text, word) => text.replaceAll(word, '***'), message)
}

/** Shorter values are in words of the message. */
const shortestValue = 4

// Such a file may hold secrets, so its lines are not shown.
function withoutSource<T extends { readonly source?: string }>(at: T): Omit<T, 'source'> {
  const { source: _source, ...place } = at
  return place
}
