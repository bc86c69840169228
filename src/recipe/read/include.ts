import { resolve } from 'node:path'
import { OsrunError } from '../../model/problem.ts'
import type { DataPath, Json, Recipe, RecipeInput } from '../../model/recipe.ts'
import type { JsonSchema, Verb } from '../../model/step.ts'
import { nearest } from '../../util/text/nearest.ts'
import { fromInclude, resolveInputs } from '../choose/resolve-inputs.ts'
import type { StepReading } from './reading.ts'
import { isSet, type Scope } from './scope.ts'

/** How many recipes one may include, those that these include too. */
export const mostIncluded = 1000

/** Names that an included recipe has in common with the one that includes it. */
const shared = ['token', 'catalog']

/** Keys that say something of a step's one answer. */
const senseless = ['until', 'retry', 'capture']

/** The recipe that a step includes, with its inputs checked; undefined, and the reason told, when there is none. */
export function readIncluded(
  step: { readonly item: JsonSchema; readonly verb: Verb; readonly path: DataPath },
  reading: StepReading,
  scope: Scope,
): Recipe | undefined {
  const { item, verb, path } = step
  const place = [...path, verb.verb]
  const wanted = verb.includes?.(item[verb.verb] ?? null)
  if (wanted === undefined) return undefined
  const { yaml, report, including } = reading
  for (const key of senseless)
    if (item[key] !== undefined)
      report(
        'RECIPE_INVALID',
        yaml.locateKey([...path, key]),
        `"${key}" is for one request, and an include stands for several steps.`,
        'Write it in a step of the other recipe.',
      )
  const at = yaml.locate(isMapping(item[verb.verb]) ? [...place, 'path'] : place)
  const key = resolve(including.directory, wanted.path)
  const known = including.files.get(key)
  const from = including.chain.findIndex((link) => link.path === key)
  if (from >= 0) {
    const files = including.chain.slice(from).map(({ file }) => file)
    report(
      'RECIPE_INVALID',
      at,
      `A recipe includes itself: ${[...files, files[0]].join(' > ')}.`,
      'Take one of these includes out.',
    )
  } else if (known === undefined)
    report(
      'RECIPE_UNREADABLE',
      at,
      `The recipe "${wanted.path}" was not loaded.`,
      'Load this recipe from its file.',
    )
  else if (!('text' in known)) report(known.code, at, known.message, known.hint)
  else if (including.budget.left-- <= 0)
    report('RECIPE_INVALID', at, `More than ${mostIncluded} recipes are included in all.`)
  else {
    const recipe = including.parse(
      key,
      known,
      shared.filter((name) => isSet(scope, name)),
    )
    if (recipe !== undefined) checkInputs(recipe, wanted.with, place, reading)
    return recipe
  }
  return undefined
}

/** The paths that a recipe's text includes, as they are written; none when its YAML cannot be read. */
export function* includedPaths(list: Json | undefined, verbs: readonly Verb[]): Generator<string> {
  for (const item of Array.isArray(list) ? (list as readonly Json[]) : []) {
    if (!isMapping(item)) continue
    for (const { verb, includes } of verbs) {
      const input = item[verb]
      if (includes === undefined || input === undefined) continue
      const { path } = includes(input)
      if (path !== '') yield path
    }
    yield* includedPaths(item.defer, verbs)
  }
}

function checkInputs(
  recipe: Recipe,
  given: JsonSchema,
  place: DataPath,
  { yaml, report }: StepReading,
): void {
  const names = recipe.inputs.map(({ name }) => name)
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue
    const near = nearest(name, names)
    report(
      'RECIPE_INVALID',
      yaml.locateKey([...place, 'with', name]),
      `The recipe "${recipe.file}" has no input "${name}".`,
      near === undefined ? `It has: ${names.join(', ') || 'none'}.` : `Did you mean "${near}"?`,
    )
  }
  for (const input of recipe.inputs) {
    const value = Object.hasOwn(given, input.name) ? given[input.name] : undefined
    if (value === undefined && input.required)
      report(
        'RECIPE_INVALID',
        yaml.locateKey(place),
        `The recipe "${recipe.file}" needs the input "${input.name}".`,
        `Give it: { path: …, with: { ${input.name}: … } }.`,
      )
    const fault = value === undefined || holdsTemplate(value) ? undefined : faultOf(recipe, input, value)
    if (fault !== undefined) report('RECIPE_INVALID', yaml.locate([...place, 'with', input.name]), fault)
  }
}

function faultOf(recipe: Recipe, input: RecipeInput, value: Json): string | undefined {
  try {
    resolveInputs({ ...recipe, inputs: [input] }, fromInclude({ [input.name]: value }))
    return undefined
  } catch (error) {
    if (error instanceof OsrunError) return error.message
    throw error
  }
}

function holdsTemplate(value: Json): boolean {
  return JSON.stringify(value).includes('${')
}

function isMapping(value: Json | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
