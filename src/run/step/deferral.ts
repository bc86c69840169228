import type { StepResult } from '../../model/event.ts'
import type { RecipeStep } from '../../model/recipe.ts'
import { variableOf } from '../../util/environment-name.ts'
import type { RunParts } from './run-parts.ts'

/** Steps to be run at the end, in their order, with the names that they read as these were at the time. */
export type Deferral = {
  readonly steps: readonly RecipeStep[]
  /** What the recipe of the step has of its own. */
  readonly within: Pick<RunParts, 'values' | 'directory' | 'files' | 'referenced'>
}

/**
 * The deferral of a step that has been done; none when it defers nothing. What a deferred step deletes is what its own
 * step made, whatever is captured or picked later under the same names. Tokens are those that are good at the end.
 */
export function deferralOf(
  { values, keeper, directory, files, referenced }: RunParts,
  step: RecipeStep,
): readonly Deferral[] {
  if (step.defer.length === 0) return []
  const own = new Map<string, unknown>()
  const tokens = new Set(['catalog', ...keeper.tokens.map(({ request }) => request.variable)])
  // A path alone, such as /photos, reads the endpoint without naming it.
  const names = new Set([
    'endpoint',
    ...step.defer.flatMap(({ reads }) => reads.map(({ path }) => String(path[0]))),
  ])
  // A script speaks of $my_name.
  for (const name of values.names()) if (name.includes('-') && names.has(variableOf(name))) names.add(name)
  for (const name of names) {
    const value = tokens.has(name) ? undefined : values.get(name)
    if (value !== undefined) own.set(name, name === 'steps' ? { ...Object(value) } : value)
  }
  return [{ steps: step.defer, within: { values: values.over(own), directory, files, referenced } }]
}

/** How a step ended, and what is to be run at the end because of it. */
export type Performance = { readonly result: StepResult; readonly deferred: readonly Deferral[] }
