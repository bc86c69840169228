import type { StepResult } from '../../model/event.ts'
import type { RecipeStep } from '../../model/recipe.ts'

/** Counts how the steps of a recipe ended. */
export type Tally = {
  readonly counts: Readonly<Record<StepResult['status'], number>>
  add(step: RecipeStep, result: StepResult): void
  /** Why nothing was done: the reason of the first skipped step, where none did more than log in; else undefined. */
  idleReason(): string | undefined
}

/** Makes the tally of a run that begins. */
export function createTally(): Tally {
  const counts = { passed: 0, failed: 0, errored: 0, skipped: 0 }
  let hasDone = false
  let reason: string | undefined
  return {
    counts,
    add({ traits }, result) {
      counts[result.status]++
      if (result.status === 'skipped') reason ??= result.reason
      else hasDone ||= traits.logsIn !== true
    },
    idleReason: () => (hasDone ? undefined : reason),
  }
}
