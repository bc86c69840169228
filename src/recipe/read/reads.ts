import type {
  Json,
  PlacedValue,
  Polling,
  Read,
  Recipe,
  RecipeOutput,
  RecipeStep,
} from '../../model/recipe.ts'
import type { Verb } from '../../model/step.ts'
import { parseDataPath } from '../../util/data-path.ts'
import { variableOf } from '../../util/environment-name.ts'
import { assertionReads } from '../expectation/assertion.ts'
import { readsOf, readTemplate } from '../template/template.ts'

/** What decides what a step reads. */
type Reading = {
  readonly id: string
  readonly input: Json
  readonly when: PlacedValue | undefined
  readonly forEach: PlacedValue | undefined
  readonly where: PlacedValue | undefined
  readonly polling: Polling | undefined
  readonly defer: readonly RecipeStep[]
  readonly included: Recipe | undefined
  readonly sets: readonly string[]
}

/** What a step reads, as `RecipeStep.reads` says. */
export function readsOfStep(verb: Verb, step: Reading): readonly Read[] {
  const { input, when, forEach, where, polling, defer, included } = step
  const conditions = [polling?.until.value, polling?.failIf?.value].filter((value) => value !== undefined)
  const own = new Set(step.sets)
  const names = [
    ...conditions.flatMap(assertionReads).map(({ name }) => name),
    ...keysOf(when?.value).map((name) => (name === 'service' ? 'catalog' : name)),
  ]
  return [
    ...[...(verb.reads?.(input) ?? []), ...names.map((name) => ({ name, use: 'needed' as const }))].map(
      ({ name, use = 'needed' }) => ({ path: parseDataPath(name) ?? [name], use }),
    ),
    ...(verb.isPlain === true ? scriptReads(input) : templateReads(input)),
    ...[forEach?.value, where?.value, when?.value, ...conditions].flatMap((value) =>
      value === undefined ? [] : templateReads(value),
    ),
    ...(included?.reads ?? []).filter(({ path: [name] }) => name === 'env'),
    ...defer
      .flatMap(({ reads }) => reads)
      .filter(({ path: [name, id] }) => (name === 'steps' ? id !== step.id : !own.has(String(name)))),
  ]
}

/** What the steps and the outputs of a recipe read. */
export function readsOfRecipe(
  steps: readonly RecipeStep[],
  outputs: readonly RecipeOutput[],
): readonly Read[] {
  return [...steps.flatMap(({ reads }) => reads), ...outputs.flatMap(({ value }) => templateReads(value))]
}

/** The names that a step sets besides its captures. */
export function namesSet(verb: Verb, input: Json, included: Recipe | undefined): readonly string[] {
  return [...verb.sets(input), ...(included?.gives ?? [])]
}

/** The reads of every template in a value. */
export function templateReads(value: Json): readonly Read[] {
  if (typeof value === 'string')
    return [...readsOf(readTemplate(value).template)].map(({ path, fallback }) => ({
      path,
      use: fallback === undefined ? 'needed' : 'wanted',
    }))
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(templateReads) : []
}

/** The ids of the steps whose answers are read by name: `${steps.ID...}` or `of: ID`. Only these are kept. */
export function referencedSteps(reads: readonly Read[]): ReadonlySet<string> {
  return new Set(reads.flatMap(({ path: [name, id] }) => (name === 'steps' ? [String(id)] : [])))
}

// A script speaks of $name; who knows which of its variables are its own.
function scriptReads(input: Json): readonly Read[] {
  const script = typeof input === 'string' ? input : JSON.stringify(input)
  return [...script.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => ({
    path: [variableOf(name)],
    use: 'wanted',
  }))
}

function keysOf(value: Json | undefined): readonly string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
}
