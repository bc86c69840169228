import type { Json, Recipe } from '../../model/recipe.ts'
import type { RunOptions } from '../recipe/run-options.ts'

/** One recipe of a suite with the values of its inputs. */
export type SuiteEntry = {
  readonly recipe: Recipe
  readonly inputs: Readonly<Record<string, Json>>
  /**
   * What its run takes from a recording; its inputs come first.
   * @internal
   */
  readonly replay?: RunReplay
}

/** How to run several recipes. All but `jobs` and `failFast` is the same for each of them. */
export type SuiteOptions = Omit<RunOptions, 'inputs' | 'shared' | 'deadline' | 'runId'> & {
  /** Milliseconds for all recipes together, but for cleaning up; what has not begun by then does not begin. */
  readonly deadline?: number
  /** How many recipes run at a time; 1 unless given. Those that share a lock never do. */
  readonly jobs?: number
  /** Begin no more recipes once one did not pass. */
  readonly failFast?: boolean
}

/**
 * What a run takes from a recording, instead of from a cloud and a clock.
 * @internal
 */
export type RunReplay = Required<
  Pick<RunOptions, 'strangeInputs' | 'runId' | 'environment' | 'transport' | 'now' | 'random' | 'wait'>
>
