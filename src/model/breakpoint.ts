import type { StepResult } from './event.ts'
import type { Recipe, RecipeStep } from './recipe.ts'

/** What whoever is asked at a step sees of the run, and may do meanwhile. Every text is masked. */
export type Halt = {
  /** The step that comes next, or the one that has just not passed. */
  readonly step: RecipeStep
  /** How the step ended; undefined before it. */
  readonly result: StepResult | undefined
  /** That of the step, as it is now. */
  readonly recipe: Recipe
  /** Aborts when the run is to end. */
  readonly signal: AbortSignal
  /** The curl line of the last request. */
  readonly curl: string | undefined
  /** The names that have a value, and the fields of the value at a path. */
  names(path?: string): readonly string[]
  /** The value at a path of the context as text: JSON, or the text itself; undefined when there is none. */
  print(path: string): string | undefined
  /** Sends a request as a step of its own; its answer is `response` here alone. Tells it as events. */
  request(line: string, signal: AbortSignal): Promise<void>
  mask(text: string): string
}

/** How a run goes on: with the next step, with a step again as an edited recipe has it, or to its end. */
export type Decision =
  | { readonly go: 'on' }
  | { readonly go: 'retry'; readonly recipe: Recipe; readonly step: string }
  | { readonly go: 'quit' }

/** Asked before each step and after each that did not pass; what it takes to answer counts for no deadline. */
export type Breakpoint = (halt: Halt) => Promise<Decision>
