import { basename, dirname, resolve } from 'node:path'
import type { Problem } from '../model/problem.ts'
import { OsrunError, withoutRepeats } from '../model/problem.ts'
import type { Json, Recipe, RecipeInput, RecipeOutput, RecipeStep } from '../model/recipe.ts'
import type { JsonSchema, Verb } from '../model/step.ts'
import { expectationFaults } from './expectation/expectation-faults.ts'
import { checkDefaults } from './read/defaults.ts'
import { includedPaths, mostIncluded } from './read/include.ts'
import { readInputs } from './read/inputs.ts'
import { readMatrix } from './read/matrix.ts'
import { readOutputs } from './read/outputs.ts'
import { readPractice } from './read/practice.ts'
import type { IncludedFile, Including, Report, StepReading } from './read/reading.ts'
import { readsOfRecipe } from './read/reads.ts'
import { openScope, reservedNames } from './read/scope.ts'
import { readSteps, setNames, stepKey } from './read/steps.ts'
import { builtInValidator } from './schema/compiled-validator.ts'
import { type SchemaGuide, schemaGuide } from './schema/guided-schema.ts'
import { recipeSchema } from './schema/recipe-schema.ts'
import { schemaFaults } from './schema/schema-faults.ts'
import { compileRecipeValidator, type Validate } from './schema/schema-validator.ts'
import { readYaml } from './source/yaml-source.ts'

/** How to parse a recipe. */
export type ParseOptions = {
  /** The name of the file, for messages. */
  readonly file: string
  /** The folder that relative paths in the recipe start from. */
  readonly directory: string
  /** The verbs of the language. */
  readonly verbs: readonly Verb[]
  /** The files that it may include, by their absolute paths; none unless given. */
  readonly files?: ReadonlyMap<string, IncludedFile>
}

/** Where an included recipe stands. */
type Inclusion = Pick<Including, 'chain' | 'budget'> & {
  /** The names of the including recipe that it shares and that are set there. */
  readonly shared: readonly string[]
}

/** The inputs of a recipe that may be unfinished elsewhere; none when its YAML cannot be read. */
export function parseInputs(text: string, verbs: readonly Verb[]): readonly RecipeInput[] {
  const { broken, data, ...yaml } = readYaml(text, '', languageOf(verbs).guide)
  if (broken || !isMapping(data)) return []
  return readInputs(data.inputs ?? null, { broken, data, ...yaml }, () => {})
}

/** The longest recipe, in characters. */
export const longestRecipe = 16 * 1024 * 1024

/**
 * Reads a recipe and checks all of it: YAML, schema, templates, and that every name which is read has been
 * set before.
 *
 * @throws OsrunError RECIPE_SYNTAX or RECIPE_INVALID; its `problems` hold everything that is wrong
 */
export function parseRecipe(text: string, options: ParseOptions): Recipe {
  const chain = [{ path: resolve(options.directory, basename(options.file)), file: options.file }]
  return parseOne(text, options, { chain, budget: { left: mostIncluded }, shared: [] })
}

/** The paths of the recipes that a recipe's steps include; none when its YAML cannot be read. */
export function parseIncludes(text: string, verbs: readonly Verb[]): readonly string[] {
  if (!/\binclude\b/.test(text)) return []
  const { broken, data } = readYaml(text, '', languageOf(verbs).guide)
  return broken || !isMapping(data) ? [] : [...includedPaths(data.steps, verbs)]
}

function parseOne(text: string, options: ParseOptions, inclusion: Inclusion): Recipe {
  const { file, directory, verbs, files = new Map() } = options
  if (text.length > longestRecipe)
    throw new OsrunError('RECIPE_INVALID', `"${file}" is longer than ${longestRecipe} characters.`, {
      hint: 'Cut it into several recipes.',
    })
  const problems: Problem[] = []
  const report: Report = (code, at, message, hint) =>
    void problems.push({ code, message, at, ...(hint !== undefined && { hint }), causes: [] })
  const { guide, validate } = languageOf(verbs)
  const yaml = readYaml(text, file, guide)
  for (const { at, message, hint } of yaml.faults) report('RECIPE_SYNTAX', at, message, hint)
  if (yaml.broken) throw whole(problems)
  const { data } = yaml
  if (!isMapping(data)) {
    report('RECIPE_INVALID', yaml.locate([]), 'A recipe is a mapping that starts with "osrun: 1".')
    throw whole(problems)
  }
  const faults = schemaFaults(validate(data), { data, guide, verbs: verbs.map(({ verb }) => verb) })
  if (faults.length === 0)
    for (const { path, message } of expectationFaults(data, guide))
      report('EXPECTATION_INVALID', yaml.locate(path), message)
  for (const { path, atKey, message, hint } of faults)
    report('RECIPE_INVALID', atKey ? yaml.locateKey(path) : yaml.locate(path), message, hint)
  const wrong = new Set(faults.flatMap(({ path }) => [String(path[0]), path.slice(0, 2).join('/')]))
  const inputs = wrongInputs(wrong, data)
    ? []
    : readInputs(data.inputs ?? null, yaml, (path, message, hint) =>
        report('RECIPE_INVALID', yaml.locate(path), message, hint),
      )
  const matrix = readMatrix(
    wrong.has('matrix') || wrongInputs(wrong, data) ? null : (data.matrix ?? null),
    inputs,
    yaml,
    (path, atKey, message, hint) =>
      report('RECIPE_INVALID', atKey ? yaml.locateKey(path) : yaml.locate(path), message, hint),
  )
  const inputNames = Object.keys(isMapping(data.inputs) ? data.inputs : {})
  const scope = openScope(undefined, [...inputNames, ...inclusion.shared])
  const listed = Array.isArray(data.steps) ? data.steps : []
  let laterNames: ReadonlySet<string> | undefined
  const later = (): ReadonlySet<string> => {
    laterNames ??= new Set(setNames(listed, verbs))
    return laterNames
  }
  const defaults = wrong.has('defaults') || !isMapping(data.defaults) ? {} : data.defaults
  const faulty = new Set(faults.map(({ path }) => stepKey(path)))
  const including: Including = {
    ...inclusion,
    directory,
    files,
    parse(path, source, shared) {
      const { budget } = inclusion
      const chain = [...inclusion.chain, { path, file: source.file }]
      try {
        const from = { file: source.file, directory: dirname(path), verbs, files }
        return parseOne(source.text, from, { chain, budget, shared })
      } catch (error) {
        if (!(error instanceof OsrunError)) throw error
        problems.push(...error.problems)
        return undefined
      }
    },
  }
  const reading: StepReading = { yaml, verbs, report, defaults, including, later, ids: new Map(), faulty }
  checkDefaults(defaults, inputNames, reading)
  const steps = readSteps(listed, ['steps'], reading, scope)
  const outputs = wrong.has('outputs') ? [] : readOutputs(data.outputs ?? null, reading, scope)
  const recipe: Recipe = {
    file,
    directory,
    name: typeof data.name === 'string' ? data.name : file.replace(/^.*[/\\]/, '').replace(/\.ya?ml$/, ''),
    description: typeof data.description === 'string' ? data.description : undefined,
    tags: Array.isArray(data.tags) ? data.tags.map(String) : [],
    locks: Array.isArray(data.locks) ? data.locks.map(String).sort() : [],
    inputs,
    matrix,
    steps,
    outputs,
    reads: readsOfRecipe(steps, outputs),
    gives: givenNames(outputs, steps),
  }
  const practice = wrong.has('practice') ? undefined : readPractice(data.practice ?? null, reading, recipe)
  if (problems.length > 0) throw whole(problems)
  return practice === undefined ? recipe : { ...recipe, practice }
}

function givenNames(outputs: readonly RecipeOutput[], steps: readonly RecipeStep[]): readonly string[] {
  const set = [...new Set(steps.flatMap(({ sets }) => sets))]
  const tokens = set.filter((name) => name === 'token' || name === 'catalog')
  const own =
    outputs.length > 0
      ? outputs.map(({ name }) => name)
      : set.filter((name) => !Object.hasOwn(reservedNames, name))
  return [...tokens, ...own]
}

function wrongInputs(wrong: ReadonlySet<string>, data: JsonSchema): boolean {
  return (
    wrong.has('inputs') ||
    Object.keys(isMapping(data.inputs) ? data.inputs : {}).some((name) => wrong.has(`inputs/${name}`))
  )
}

const languages = new WeakMap<readonly Verb[], { readonly guide: SchemaGuide; readonly validate: Validate }>()

// Made once for each set of verbs; the program brings its own compiled.
function languageOf(verbs: readonly Verb[]): { readonly guide: SchemaGuide; readonly validate: Validate } {
  const known = languages.get(verbs)
  if (known) return known
  const schema = recipeSchema(verbs)
  const language = {
    guide: schemaGuide(schema),
    validate: builtInValidator(verbs) ?? compileRecipeValidator(schema),
  }
  languages.set(verbs, language)
  return language
}

function whole(problems: readonly Problem[]): OsrunError {
  const files = [...new Set(problems.map(({ at }) => at?.file))]
  const sorted = [...withoutRepeats(problems)].sort(
    (a, b) =>
      files.indexOf(a.at?.file) - files.indexOf(b.at?.file) ||
      (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
      (a.at?.column ?? 0) - (b.at?.column ?? 0),
  )
  const [first] = sorted
  return new OsrunError(first?.code ?? 'RECIPE_INVALID', first?.message ?? 'The recipe is invalid.', {
    at: first?.at,
    hint: first?.hint,
    problems: sorted,
  })
}

function isMapping(value: Json | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
