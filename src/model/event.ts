import type { HeaderList } from './exchange.ts'
import type { Position, Problem, SourcedProblem } from './problem.ts'
import type { Json } from './recipe.ts'

/** One difference between what a recipe expects and what came. */
export type Mismatch = {
  /** What was looked at: `status`, `headers.etag`, `$.token.user.name`. */
  readonly subject: string
  readonly expected: string
  readonly found: string
  readonly at: Position
}

/** A value that was observed while a step was repeated. */
export type Change = {
  /** As in a mismatch: `status`, `$.server.status`. */
  readonly subject: string
  /** JSON of at most 120 characters, or words where nothing is. */
  readonly found: string
}

/** A body as it may be shown: text up to a bound, or just its size. */
export type ShownBody = {
  readonly size: number
  readonly text?: string
  readonly truncated?: boolean
  readonly md5?: string
  readonly sha256?: string
  /** The file that was sent or written. */
  readonly file?: string
}

/** One request and its answer, or the problem that came instead. */
export type ExchangeRecord = {
  readonly method: string
  readonly url: string
  /** The constant end of the URL of a request that osrun itself writes, which tells that all but its secrets is shown. */
  readonly ownPath?: string
  readonly requestHeaders: HeaderList
  readonly requestBody?: ShownBody
  readonly status?: number
  /** The words after the status, as they came. */
  readonly reason?: string
  readonly responseHeaders?: HeaderList
  readonly responseBody?: ShownBody
  /** `x-openstack-request-id`, else `X-Trans-Id`. */
  readonly requestId?: string
  /** The cloud's own error message, out of whichever envelope it came in. */
  readonly cloudMessage?: string
  /** Milliseconds. */
  readonly duration: number
  readonly problem?: Problem
}

/** What an option of a curl line is for, in plain words. */
export type CurlGloss = { readonly words: string; readonly meaning: string }

/** Reasons of skipped steps that are osrun's own words; any other tells of the recipe and of what the cloud has. */
export const skipReasons = {
  failedBefore: 'an earlier step did not pass',
  leftOut: 'left out',
  nothingToRepeat: 'the list of for-each is empty',
} as const

/** How a step ended. */
export type StepResult =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly problem: Problem; readonly mismatches: readonly Mismatch[] }
  | { readonly status: 'errored'; readonly problem: Problem }
  | { readonly status: 'skipped'; readonly reason: string }

/** What is shown of a token: when it ends, as Keystone writes it, and what it opens. */
export type ShownToken = {
  readonly expires_at: string | null
  readonly scope: string
  readonly services: number
}

/** Which part of a run a step belongs to. */
export type Phase = 'main' | 'cleanup'

/** How a whole run ended. */
export type RunResult = {
  readonly recipe: string
  readonly file: string
  readonly runId: string
  readonly status: 'passed' | 'failed' | 'errored' | 'interrupted'
  /** The exit status that stands for this result. */
  readonly exit: number
  /** The steps of the recipe; one with `for-each` counts once. */
  readonly steps: {
    readonly passed: number
    readonly failed: number
    readonly errored: number
    readonly skipped: number
  }
  /**
   * Why a recipe that passed has proved nothing: the reason of its first skipped step, where none did more than log in.
   * Reports tell such a run as skipped.
   */
  readonly skipped?: string
  readonly tokens: { readonly made: number; readonly revoked: number; readonly kept: number }
  readonly requests: number
  /** What the recipe tells at its end, masked; only of a run whose steps passed. */
  readonly outputs?: { readonly [name: string]: Json }
  /** Milliseconds. */
  readonly duration: number
  /** The problem that decided the status; it need not be of a step. */
  readonly problem?: SourcedProblem
  /** What cleaning up could not do. */
  readonly leftovers: readonly SourcedProblem[]
}

/** Why recipes were not begun any more, in osrun's own words. */
export const notBegunReasons = {
  deadline: 'the deadline passed before it began',
  interrupted: 'interrupted before it began',
  failFast: 'an earlier recipe did not pass',
  noToken: 'no token, since the login failed in another recipe',
} as const

/** A recipe of a suite that was not begun any more. */
export type RecipeNotBegun = { readonly recipe: string; readonly file: string; readonly reason: string }

/** How several runs ended together. */
export type SuiteResult = {
  /** The runs in the order of their recipes; one that was not begun any more is missing. */
  readonly results: readonly RunResult[]
  /** Those that were not begun any more. */
  readonly notBegun: readonly RecipeNotBegun[]
  /** Why they were not, where no run tells it: the deadline, or an interrupt between two of them. */
  readonly problem?: SourcedProblem
  /** Tokens of all runs and those that they shared. */
  readonly tokens: RunResult['tokens']
  /** Milliseconds. */
  readonly duration: number
  /** Shared tokens that could not be revoked. */
  readonly leftovers: readonly SourcedProblem[]
  /** The exit status that stands for all of them. */
  readonly exit: number
}

/** Everything that osrun knows while it runs; a closed set. Times are ISO 8601 in UTC. */
export type RunEvent =
  | {
      readonly type: 'run:start'
      readonly recipe: string
      readonly file: string
      readonly runId: string
      readonly description?: string
      readonly tags: readonly string[]
      readonly cloud: string
      /** The region and the first interface that were asked for; empty where none was. */
      readonly region: string
      readonly interface: string
      readonly steps: number
      readonly time: string
    }
  | {
      readonly type: 'step:start'
      readonly step: string
      readonly verb: string
      readonly title: string
      readonly note?: string
      readonly phase: Phase
      readonly at: Position
      readonly time: string
    }
  | {
      readonly type: 'exchange'
      readonly step: string
      readonly exchange: ExchangeRecord
      /** When the request was sent. */
      readonly time: string
      readonly curl: string
      /** What is pasted instead, where later lines need what this one is answered, or where it needs what the recipe made up. */
      readonly paste?: readonly string[]
      /** With the literal secrets, and so never masked: only when the user asked to see them. */
      readonly revealedCurl?: string
      /** What the options of the curl line are for: only when the user asked. */
      readonly glosses?: readonly CurlGloss[]
    }
  /** What the recipe tells at its end, one event for each, when its steps have passed. */
  | { readonly type: 'output'; readonly name: string; readonly value: Json }
  | {
      readonly type: 'context'
      readonly step: string
      readonly name: string
      readonly value: Json
      /** The line that sets it in a shell into which those before were pasted. */
      readonly paste?: string
    }
  | {
      readonly type: 'context'
      readonly step: string
      readonly name: string
      readonly value: ShownToken
      readonly isToken: true
      readonly paste?: string
    }
  | {
      readonly type: 'notice'
      readonly step?: string
      readonly level: 'info' | 'warning'
      readonly message: string
    }
  /** A step waits for somebody to press Enter. */
  | { readonly type: 'question'; readonly step: string; readonly text: string }
  | {
      /** A step with `until` was tried once more. The exchanges since the last such event were its own. */
      readonly type: 'poll'
      readonly step: string
      /** 1 for the first time. */
      readonly attempt: number
      /** Milliseconds since the step began to ask. */
      readonly after: number
      /** What was observed and was not the same the time before; all of it the first time. */
      readonly changes: readonly Change[]
    }
  | {
      readonly type: 'step:end'
      readonly step: string
      readonly verb: string
      readonly title: string
      readonly phase: Phase
      readonly result: StepResult
      readonly allowedFailure: boolean
      readonly duration: number
      readonly summary?: string
    }
  | { readonly type: 'run:end'; readonly result: RunResult; readonly time: string }
  | { readonly type: 'suite:end'; readonly result: SuiteResult; readonly time: string }
  /** What went wrong and stands in no result: a run that could not go on, a report or an output that could not be written. */
  | { readonly type: 'problem'; readonly problem: SourcedProblem }

declare const masked: unique symbol
/** An event of the run with the id `run`, empty for one of the suite, that the masker has been through; only the bus can make one. */
export type SafeEvent = Safe<RunEvent>
/** As `SafeEvent`, of one kind. */
export type Safe<Event extends RunEvent> = Event & { readonly run: string; readonly [masked]: true }
