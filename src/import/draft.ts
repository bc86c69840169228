import type { Json } from '../model/recipe.ts'
import type { Note } from './conversation.ts'

/** A recipe before it is written: texts are templates already. */
export type Draft = {
  readonly inputs: readonly DraftInput[]
  readonly steps: readonly DraftStep[]
  readonly notes: readonly Note[]
}

/** An input; without a default, whoever runs the recipe gives its value. */
export type DraftInput = {
  readonly name: string
  readonly secret: boolean
  readonly description?: string
  readonly default?: string
  /** It names a file, which the caller permits by giving it. */
  readonly isFile?: true
}

/** One step with the comments that stand above it. */
export type DraftStep = {
  readonly verb: string
  readonly value: Json
  readonly note?: string
  /** A duration. */
  readonly timeout?: string
  readonly comments: readonly string[]
}
