import type { SafeEvent } from './event.ts'
import type { RecipeStep } from './recipe.ts'

/** A step of the recipe at which a run stops. */
export type GatedStep = {
  readonly step: RecipeStep
  /** 0 for the first. */
  readonly index: number
  /** Hides every secret that the run knows. */
  mask(text: string): string
  /**
   * The variables that curl lines read: inputs, captures, the endpoint, and secrets under their names, the token too, with
   * their real values.
   */
  environment(): Readonly<Record<string, string>>
}

/** Asked before and after each step of the recipe, but for those that clean up; the run waits for its answers. */
export type Gate = {
  before(at: GatedStep): Promise<'go' | 'skip' | 'quit'>
  /** `events`: those of the step, masked, in order. A step that is repeated and has passed once has passed. */
  after(at: GatedStep, events: readonly SafeEvent[]): Promise<'go' | 'repeat' | 'quit'>
}
