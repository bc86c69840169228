import type { Position } from './problem.ts'

/** JSON data: what YAML and JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** A path into a recipe or an answer: keys and indexes. */
export type DataPath = readonly (string | number)[]

/** What a caller of a recipe may, or must, give. */
export type RecipeInput = {
  readonly name: string
  readonly description?: string
  /** The JSON Schema that a value must follow. */
  readonly schema: { readonly [key: string]: Json }
  readonly default?: Json
  readonly required: boolean
  /** Never shown: `writeOnly: true` in the recipe. */
  readonly secret: boolean
  readonly at: Position
}

/** Takes a value out of the answer: a JSONPath (`$...`), `headers.x` or `status`, then perhaps a pattern's first group. */
export type Capture = {
  readonly name: string
  readonly from: string
  readonly pattern?: string
  readonly at: Position
}

/** One step: exactly one verb with its value, still holding templates. */
export type RecipeStep = {
  /** Given, or made of verb and number: `request-2`. Unique in the recipe. */
  readonly id: string
  readonly name: string | undefined
  readonly note: string | undefined
  readonly verb: string
  /** The verb's value as the language's schema has it; templates are not rendered yet. */
  readonly input: Json
  /** Milliseconds. */
  readonly timeout: number | undefined
  readonly captures: readonly Capture[]
  readonly allowFailure: boolean
  readonly defer: readonly RecipeStep[]
  readonly at: Position
  /** The place of a value within `input`: `locate(['headers', 'etag'])`. The step's own place when unknown. */
  locate(path: DataPath): Position
}

/** A recipe that passed every check. */
export type Recipe = {
  readonly file: string
  /** The folder that relative paths in the recipe start from. */
  readonly directory: string
  readonly name: string
  readonly description: string | undefined
  readonly tags: readonly string[]
  readonly inputs: readonly RecipeInput[]
  readonly steps: readonly RecipeStep[]
}
