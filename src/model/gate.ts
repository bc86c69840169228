import type { SafeEvent, StepResult } from './event.ts'
import type { Recipe, RecipeStep } from './recipe.ts'

/** A step of the recipe at which a run stands still: what whoever is asked sees of the run, and may do meanwhile. */
export type Stop = {
  readonly step: RecipeStep
  /** 0 for the first. */
  readonly index: number
  /** That of the step, as it is now. */
  readonly recipe: Recipe
  /** Aborts when the run is to end. */
  readonly signal: AbortSignal
  /** The masked curl line of the last request. */
  readonly curl: string | undefined
  /** Hides every secret that the run knows. */
  mask(text: string): string
  /**
   * The variables that curl lines read: inputs, captures, the endpoint, and secrets under their names, the token too, with
   * their real values.
   */
  environment(): Readonly<Record<string, string>>
  /** The names that have a value, and the fields of the value at a path; masked. */
  names(path?: string): readonly string[]
  /** The value at a path of the context as text, masked: JSON, or the text itself; undefined when there is none. */
  print(path: string): string | undefined
  /** Sends a request as a step of its own; its answer is `response` at this stop alone. Tells it as events. */
  request(line: string, signal: AbortSignal): Promise<void>
}

/** A step again, or another one, of the recipe as it was edited; how the step has ended does not count. */
export type Again = { readonly recipe: Recipe; readonly step: string }

/** How a step has ended, and the events of it, masked, in order. */
export type Passage = { readonly result: StepResult; readonly events: readonly SafeEvent[] }

/**
 * Asked before and after each step of the recipe, but for those that clean up; the run waits for its answers, which count for
 * no deadline.
 */
export type Gate = {
  before(at: Stop): Promise<'go' | 'skip' | 'quit' | Again>
  /** A step that is repeated and has passed once has passed. */
  after(at: Stop, passage: Passage): Promise<'go' | 'repeat' | 'quit' | Again>
}
