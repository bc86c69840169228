import type { ErrorCode } from '../../model/error-codes.ts'
import type { Position } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { JsonSchema, Verb } from '../../model/step.ts'
import type { YamlSource } from '../source/yaml-source.ts'

/** What reading the steps of one recipe shares. */
export type StepReading = {
  readonly yaml: YamlSource
  readonly verbs: readonly Verb[]
  readonly report: Report
  /** The recipe's `defaults`; empty when it has none. */
  readonly defaults: JsonSchema
  readonly including: Including
  /** The names that any step sets, to tell a name that comes too late from one that never comes. */
  later(): ReadonlySet<string>
  /** The ids given so far, with their places. */
  readonly ids: Map<string, Position>
  /** The steps that the schema refused, as `stepKey` has them; they are not looked at again. */
  readonly faulty: ReadonlySet<string>
}

/** Tells of something wrong at a place. */
export type Report = (code: ErrorCode, at: Position, message: string, hint?: string) => void

/** A file that a recipe includes: its text, or why there is none. */
export type IncludedFile =
  | { readonly file: string; readonly text: string }
  | { readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined }

/** What including recipes needs while one is read. */
export type Including = {
  /** The folder of the recipe that is read. */
  readonly directory: string
  /** The files that can be included, by their absolute paths. */
  readonly files: ReadonlyMap<string, IncludedFile>
  /** The recipe that is read, after those that led to it. */
  readonly chain: readonly { readonly path: string; readonly file: string }[]
  /** How many more recipes may be included in all. */
  readonly budget: { left: number }
  /** Reads an included recipe; undefined when it has problems, which are told. */
  parse(
    path: string,
    source: { readonly file: string; readonly text: string },
    shared: readonly string[],
  ): Recipe | undefined
}
