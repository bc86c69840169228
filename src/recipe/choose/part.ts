import { OsrunError } from '../../model/problem.ts'
import type { Read, Recipe, RecipeInput, RecipeStep } from '../../model/recipe.ts'
import { nearest } from '../../util/text/nearest.ts'
import { readsOfRecipe, templateReads } from '../read/reads.ts'
import { reservedNames } from '../read/scope.ts'
import { type GivenInputs, givenValue } from './resolve-inputs.ts'

/** A part of a recipe, ready to be run. */
export type RecipePart = {
  readonly recipe: Recipe
  /** The ids of earlier steps that run as well, since the chosen ones need what they set. */
  readonly prepared: readonly string[]
}

/**
 * The part of a recipe that `ID..ID`, `ID`, `ID..` or `..ID` means. Earlier steps that get a token or pick an endpoint which
 * the chosen steps need stay; a capture of a step that is left out becomes an input, and `given` has to have its value.
 *
 * @throws OsrunError USAGE_INVALID for an unknown id, INPUT_MISSING for a value that nothing sets any more
 */
export function partOf(recipe: Recipe, range: string, given: GivenInputs): RecipePart {
  const [first, last] = boundsOf(recipe, range)
  const kept = new Set(recipe.steps.keys())
  for (const index of recipe.steps.keys()) if (index < first || index > last) kept.delete(index)
  const inputs = new Map<string, RecipeInput>()
  const waiting = [...kept]
  for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
    const step = recipe.steps[index]
    if (step === undefined) continue
    for (const read of step.reads.filter(({ use }) => use !== 'seen')) {
      const setter = setterOf(recipe.steps, index, read)
      const source = recipe.steps[setter]
      if (source === undefined || kept.has(setter)) continue
      if (isPreparing(source)) {
        kept.add(setter)
        waiting.push(setter)
      } else if (read.use === 'needed') replace(read, { recipe, step, source, first }, given, inputs)
    }
  }
  const steps = recipe.steps.filter((_step, index) => kept.has(index))
  const set = new Set([...steps.flatMap((step) => step.sets), ...inputs.keys()])
  const known = new Set([...set, ...recipe.inputs.map(({ name }) => name), 'env', 'run'])
  const ids = new Set(steps.map(({ id }) => id))
  const outputs = recipe.outputs.filter(({ value }) =>
    templateReads(value).every(({ path: [name, id] }) =>
      name === 'steps' ? ids.has(String(id)) : known.has(String(name)),
    ),
  )
  return {
    recipe: {
      ...recipe,
      inputs: [...recipe.inputs, ...inputs.values()],
      steps,
      outputs,
      reads: readsOfRecipe(steps, outputs),
    },
    prepared: recipe.steps.filter((_step, index) => kept.has(index) && index < first).map(({ id }) => id),
  }
}

function boundsOf(recipe: Recipe, range: string): readonly [number, number] {
  const [, from = '', dots, to = ''] = /^(.*?)(?:(\.\.)(.*))?$/s.exec(range) ?? []
  if (from === '' && to === '')
    throw new OsrunError('USAGE_INVALID', `--step takes ID, ID..ID, ID.. or ..ID, and got "${range}".`)
  const first = from === '' ? 0 : indexOf(recipe, from)
  const last =
    dots === undefined ? first : to === '' ? Math.max(0, recipe.steps.length - 1) : indexOf(recipe, to)
  if (first > last)
    throw new OsrunError('USAGE_INVALID', `In "${recipe.file}" the step "${to}" comes before "${from}".`, {
      hint: `Write --step ${to}..${from}.`,
    })
  return [first, last]
}

function indexOf({ file, steps }: Recipe, id: string): number {
  const index = steps.findIndex((step) => step.id === id)
  if (index >= 0) return index
  const ids = steps.map((step) => step.id)
  const near = nearest(id, ids)
  throw new OsrunError('USAGE_INVALID', `The recipe "${file}" has no step "${id}".`, {
    hint: `${near === undefined ? '' : `Did you mean ${near}? `}It has: ${ids.join(', ')}.`,
  })
}

// The last step before this one that sets what is read; -1 when none does, since it is an input or one of osrun's own names.
function setterOf(steps: readonly RecipeStep[], before: number, { path: [name, id] }: Read): number {
  return steps
    .slice(0, before)
    .findLastIndex((step) => (name === 'steps' ? step.id === String(id) : step.sets.includes(String(name))))
}

function isPreparing({ traits, included }: RecipeStep): boolean {
  if (included !== undefined) return included.steps.every(isPreparing)
  return traits.prepares === true
}

function replace(
  { path: [name] }: Read,
  at: {
    readonly recipe: Recipe
    readonly step: RecipeStep
    readonly source: RecipeStep
    readonly first: number
  },
  given: GivenInputs,
  inputs: Map<string, RecipeInput>,
): void {
  const { recipe, step, source, first } = at
  const key = String(name)
  const own = Object.hasOwn(reservedNames, key)
  const input: RecipeInput = { name: key, schema: {}, required: true, secret: false, at: step.at }
  if (!own && givenValue(input, given) !== undefined) {
    inputs.set(key, input)
    return
  }
  const begin = `--step ${source.id}..${first === recipe.steps.length - 1 ? recipe.steps[first]?.id : ''}`
  throw new OsrunError(
    'INPUT_MISSING',
    `The step "${step.id}" reads "${key}", which the step "${source.id}" sets, and that is left out.`,
    {
      at: step.at,
      hint: own
        ? `Begin earlier: ${begin}`
        : `Give its value: --input ${key}=VALUE; or begin earlier: ${begin}`,
    },
  )
}
