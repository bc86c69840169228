import type { Position } from '../../model/problem.ts'
import type { DataPath, Json, RecipeStep } from '../../model/recipe.ts'
import type { Placeholders } from '../placeholder.ts'
import type { HelperName } from './helpers/helpers.ts'
import type { NameKind } from './values/variable-names.ts'

/** What the writing of one script shares. */
export type ScriptParts = {
  readonly placeholders: Placeholders
  readonly kinds: ReadonlyMap<string, NameKind>
  /** Variables that the script reads, so that only these are set; files too, as `endpoint.json`. */
  readonly read: Set<string>
  readonly helpers: Set<HelperName>
  /** What the frame needs: steps are deferred, and what they read is kept as it was. */
  readonly frame: Set<'deferred' | 'keeps'>
  /** Names, and `steps.ID`, that are certainly set where the step stands that is written. */
  readonly certain: Set<string>
  /** Files that a step may read before anything is in them. */
  readonly unset: Set<string>
  /** Functions that stand before the steps. */
  readonly functions: string[]
}

/** Writes the statements of one step. */
export type StepWriting = {
  readonly step: RecipeStep
  readonly parts: ScriptParts
  /** What ends the step when a statement fails: `exit`, or `return` within a function. */
  readonly stop: 'exit' | 'return'
  line(text: string): void
  /** A statement that ends the step when it fails. */
  must(statement: string): void
  need(...helpers: HelperName[]): void
  /** A shell word of a text that may hold placeholders; within a URL they are percent-encoded. */
  word(text: string, encoding?: 'text' | 'query' | 'form'): string
  /** A jq expression of a value that may hold placeholders; remembers what jq must find in its environment. */
  jq(value: Json): string
  /** `name="$name" ` for each value that jq reads since the last call. */
  environment(): string
  /** Whether a text holds a placeholder. */
  isSymbolic(value: Json): boolean
  /** A jq expression that gives the value at a path of the context, or nothing. */
  optional(path: DataPath, at: Position): string
}
