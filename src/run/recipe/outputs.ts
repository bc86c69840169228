import type { SourcedProblem } from '../../model/problem.ts'
import { toProblem } from '../../model/problem.ts'
import type { Json, RecipeOutput } from '../../model/recipe.ts'
import { ownValue, renderJson } from '../../recipe/template/render-template.ts'
import type { Masker } from '../../secrets/masker.ts'
import type { Emit } from '../events/event-bus.ts'
import type { Values } from './values.ts'

/** What a run tells at its end, or why it cannot. */
export type Told = {
  readonly outputs?: { readonly [name: string]: Json }
  readonly problem: SourcedProblem | undefined
}

/** Tells the values of a recipe's outputs, masked, unless there was a problem before. One without a value is a problem. */
export function tellOutputs(
  { outputs }: { readonly outputs: readonly RecipeOutput[] },
  before: SourcedProblem | undefined,
  { values, masker }: { readonly values: Values; readonly masker: Masker },
  emit: Emit,
): Told {
  if (before !== undefined) return { problem: before }
  if (outputs.length === 0) return { problem: undefined }
  const rendered: { readonly name: string; readonly value: Json }[] = []
  for (const { name, value, locate } of outputs) {
    try {
      const found = ownValue(renderJson(value, values.lookup, locate)) as Json
      rendered.push({ name, value: withoutNumbers(found, masker) })
    } catch (error) {
      const problem = toProblem(error)
      return { problem: { at: locate([]), ...problem, from: 'outputs' } }
    }
  }
  const told = rendered.map(({ name, value }) => [name, emit({ type: 'output', name, value }).value] as const)
  return { outputs: Object.fromEntries(told), problem: undefined }
}

// A secret of digits is masked as text: the bus leaves numbers alone.
function withoutNumbers(value: Json, masker: Masker): Json {
  if (typeof value === 'number') return masker.mask(String(value)) === String(value) ? value : String(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: Json) => withoutNumbers(item, masker))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutNumbers(item, masker)]))
}
