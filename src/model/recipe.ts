import type { Position } from './problem.ts'

/** JSON data: what YAML and JSON can hold. */
export type Json =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json }

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
  /** Nobody may see the value. */
  readonly secret?: boolean
  readonly at: Position
}

/**
 * How a name is read: `needed` fails without it, `wanted` is used where it is there, `seen` is looked at where it is there and
 * never worth a step that sets it.
 */
export type ReadUse = 'needed' | 'wanted' | 'seen'

/** A read of a name, with the path that it leads along. */
export type Read = { readonly path: DataPath; readonly use: ReadUse }

/** The value of one of a step's keys, still holding templates, and the places of what is in it. */
export type PlacedValue = {
  readonly value: Json
  locate(path: DataPath): Position
}

/** How a step is repeated until its answer is right. */
export type Polling = {
  /** An assertion: the step has passed when it holds. */
  readonly until: PlacedValue
  /** An assertion: the step has failed when it holds. */
  readonly failIf: PlacedValue | undefined
  /** Milliseconds from one answer to the next request. */
  readonly every: number
}

/** Which requests of a step are sent again, how often, and after how long. */
export type RetryPolicy = {
  /** How often a request is sent again at most. */
  readonly times: number
  /** Statuses, and `connection` for requests that got no answer. */
  readonly on: readonly (number | 'connection')[]
  /** The methods of requests that may be repeated, in capitals. */
  readonly methods: readonly string[]
  /** Milliseconds: the longest first wait; it doubles each time. */
  readonly delay: number
  /** Milliseconds: the longest wait, but for one that a server asks for. */
  readonly maxDelay: number
}

/** A question about what a step is going to do. */
export type Quiz = {
  readonly question: string
  /** Two or more, each once. */
  readonly choices: readonly string[]
  /** One of the choices. */
  readonly answer: string
  /** Why it is the answer; Markdown. */
  readonly why: string
}

/** What the steps of a verb are like, for all those who would else have to know verbs by their names. */
export type VerbTraits = {
  /** It asks for a token, whose name it sets: no work of the recipe's own. */
  readonly logsIn?: true
  /** It gets what later steps need and changes nothing, so that a part of a recipe keeps it. */
  readonly prepares?: true
  /** It sends the request that the recipe writes, from the endpoint where that is a path alone. */
  readonly sendsRequest?: true
  /** It compares the answer of a step before it, and has none of its own. */
  readonly compares?: true
  /** It revokes tokens, so that its recipe must have its own. */
  readonly revokesTokens?: true
  /** It runs only where the caller allows scripts. */
  readonly needsAllowRun?: true
  /** It stands still: a lesson asks before that. */
  readonly waits?: true
}

/** One step: exactly one verb with its value, still holding templates. */
export type RecipeStep = {
  /** Given, or made of verb and number: `request-2`. Unique in the recipe. */
  readonly id: string
  readonly name: string | undefined
  readonly note: string | undefined
  /** Asked before the step by `osrun learn` alone. */
  readonly quiz?: Quiz
  readonly verb: string
  /** What steps of this verb are like. */
  readonly traits: VerbTraits
  /** The verb's value as the language's schema has it; templates are not rendered yet. */
  readonly input: Json
  /** The keys of `input` that the recipe's `defaults` gave. */
  readonly defaulted: readonly string[]
  /** A mapping: paths of the context, or `service`, with what is to be there; else the step is skipped. */
  readonly when: PlacedValue | undefined
  /** A list, or a template of one: the step runs once for each item. */
  readonly forEach: PlacedValue | undefined
  /** Which items count, as fields with what is to be there; all of them unless given. */
  readonly where: PlacedValue | undefined
  /** Whether each round is run, also after one that did not pass. */
  readonly keepGoing: boolean
  readonly polling: Polling | undefined
  readonly retry: RetryPolicy | undefined
  /** Milliseconds. */
  readonly timeout: number | undefined
  readonly captures: readonly Capture[]
  readonly allowFailure: boolean
  readonly defer: readonly RecipeStep[]
  readonly at: Position
  /** The recipe whose steps run in the place of this one. */
  readonly included?: Recipe
  /**
   * What the step reads that steps before it set, and of the environment: in its verb's value and its keys, in its deferred
   * steps, and in a recipe that it includes. What its deferred steps read of the step itself is not among that.
   */
  readonly reads: readonly Read[]
  /** The names that it sets: its verb's, its captures, and what a recipe gives that it includes. */
  readonly sets: readonly string[]
  /** The id by which later steps read this one's answer, where its own is longer: a round, or a step that is included. */
  readonly roundOf?: string
  /** The place of a value within `input`: `locate(['headers', 'etag'])`. The step's own place when unknown. */
  locate(path: DataPath): Position
}

/** Values of inputs, of the inputs' types: one run for each combination. */
export type RecipeMatrix = { readonly [input: string]: readonly Json[] }

/** A value that a recipe tells at its end. */
export type RecipeOutput = PlacedValue & { readonly name: string }

/** A task for somebody who has gone through a recipe, and how to find out whether it is done. */
export type Practice = {
  /** Markdown. */
  readonly task: string
  /** Markdown. */
  readonly hint: string | undefined
  /** What the learner is to answer, where the task asks for a value: the input `answer` of `check`. */
  readonly question: string | undefined
  /** A recipe of its own, with the inputs of the one that it belongs to: it passes when the task is done. */
  readonly check: Recipe
}

/** A recipe that passed every check. */
export type Recipe = {
  readonly file: string
  /** The folder that relative paths in the recipe start from. */
  readonly directory: string
  readonly name: string
  readonly description: string | undefined
  readonly tags: readonly string[]
  /** Names, each once and sorted: no two recipes of a suite that share one run at the same time. */
  readonly locks: readonly string[]
  readonly inputs: readonly RecipeInput[]
  /** Empty for most. */
  readonly matrix: RecipeMatrix
  readonly steps: readonly RecipeStep[]
  readonly outputs: readonly RecipeOutput[]
  /** What its steps and outputs read. */
  readonly reads: readonly Read[]
  /** Offered at the end by `osrun learn` alone. */
  readonly practice?: Practice
  /** The names that are set where this recipe is included: its outputs, else what its steps set; `token` and `catalog` too. */
  readonly gives: readonly string[]
}
