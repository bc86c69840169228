import type { SafeEvent } from '../../model/event.ts'
import type { PlannedStep } from '../../model/plan.ts'
import type { Json, Recipe } from '../../model/recipe.ts'
import type { RunOptions } from '../../run/recipe/run-options.ts'

/** A recipe to learn from, and where. */
export type Lesson = {
  readonly recipe: Recipe
  readonly inputs: Readonly<Record<string, Json>>
  /** What each step of the recipe would do. */
  readonly plan: readonly PlannedStep[]
  /** What every run on its cloud is given. */
  readonly options: Omit<RunOptions, 'inputs' | 'gate'>
  /** Is told all that happens. */
  readonly onEvent?: ((event: SafeEvent) => void) | undefined
  /** Gives a shell with these variables, until it has ended. */
  openShell(variables: Readonly<Record<string, string>>): Promise<void>
}
