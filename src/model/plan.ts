import type { CurlGloss } from './event.ts'
import type { PermissionKind } from './permission.ts'
import type { Json } from './recipe.ts'

/** An input as a plan shows it. */
export type PlannedInput = {
  readonly name: string
  readonly description?: string
  readonly required: boolean
  readonly secret: boolean
  /** What was given, else the default; none where neither is, and never that of a secret. */
  readonly value?: Json
}

/** Something that a recipe asks for. */
export type PlannedPermission = {
  readonly kind: PermissionKind
  /** The methods, files, variables or servers. */
  readonly what: string
  /** `recipe.yaml:4:5` */
  readonly at: string
  /** Without it the recipe is refused there. */
  readonly flag?: string
}

/** One request, as the curl line that sends it. */
export type PlannedRequest = { readonly curl: string; readonly glosses?: readonly CurlGloss[] }

/** Something that is compared, and what it has to be, in words. */
export type PlannedExpectation = { readonly subject: string; readonly expected: string }

/** One step before it runs. All texts are for people, of one line each and without a full stop, unless said. */
export type PlannedStep = {
  /** `3`; `3.1` for the first step that the third one defers, `3/1` for the first that it includes; a revocation at the end has none. */
  readonly number?: string
  /** `revoke-token` for a revocation at the end. */
  readonly id: string
  readonly verb: string
  readonly title: string
  /** Markdown of the recipe, of any number of lines. */
  readonly note?: string
  /** What the keys of the step say: whether, how often and how long it runs. */
  readonly conditions: readonly string[]
  /** What is done without a request. */
  readonly does: readonly string[]
  readonly requests: readonly PlannedRequest[]
  /** Whole sentences: what stands behind names in the curl lines, and what only the run can tell. */
  readonly remarks: readonly string[]
  readonly expects: readonly PlannedExpectation[]
  /** Names for the steps after it, with where the values of captures are found. */
  readonly sets: readonly { readonly name: string; readonly from?: string }[]
}

/** All that a recipe would do, with shell names for what only a run knows. It holds no secret. */
export type Plan = {
  readonly recipe: string
  readonly file: string
  readonly description?: string
  /** The name of the cloud; none when it has none, or when no cloud is configured. */
  readonly cloud?: string
  readonly inputs: readonly PlannedInput[]
  /** What it asks for of the world around, before it is run. */
  readonly permissions: readonly PlannedPermission[]
  readonly steps: readonly PlannedStep[]
  /** What happens at the end, in that order: deferred steps, those of the last step first, then revocations. */
  readonly cleanup: readonly PlannedStep[]
}
