import type { Cloud } from '../../model/cloud.ts'
import type { Transport } from '../../model/exchange.ts'
import type { Gate } from '../../model/gate.ts'
import type { Json } from '../../model/recipe.ts'
import type { Verb } from '../../model/step.ts'
import type { createMasker } from '../../secrets/masker.ts'
import type { Emit } from '../events/event-bus.ts'
import type { LedgerPlace } from '../ledger/run-journal.ts'
import type { Recorder } from '../recording/recorder.ts'
import type { SharedTokens } from '../tokens/shared-tokens.ts'
import type { Ask, Wait } from '../wait.ts'

/** How to run a recipe. */
export type RunOptions = {
  /** Whom to ask; recipes that only send requests to whole URLs need none. */
  readonly cloud?: Cloud | undefined
  /** Values of the recipe's inputs. */
  readonly inputs?: Readonly<Record<string, Json>>
  /** What `${env.NAME}` reads; nothing unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Ends the run; deferred steps and revocations still happen. */
  readonly signal?: AbortSignal
  /** Ends cleaning up as well. */
  readonly abortCleanup?: AbortSignal
  /** Milliseconds for all but cleaning up. */
  readonly deadline?: number
  /** Milliseconds for cleaning up; 30 seconds unless given. */
  readonly cleanupTimeout?: number
  /** Leaves the tokens alive at the end. */
  readonly keepTokens?: boolean
  /** Adds curl lines with the literal secrets to the events. */
  readonly reveal?: boolean
  /** Refuses every request that could change something; tokens are made and revoked all the same. */
  readonly readOnly?: boolean
  /** Where what the run creates is written down before it is created; nowhere unless given. */
  readonly ledger?: LedgerPlace
  /** Lets the recipe run scripts, as whoever runs it. */
  readonly allowRun?: boolean
  /**
   * Folders whose files the recipe may send and write, besides those of its own folder and those that inputs with
   * `format: path` name.
   */
  readonly allowFiles?: readonly string[]
  /** Origins, such as `https://swift.example.com`, that may get credentials and tokens besides those of their own cloud. */
  readonly allowOrigins?: readonly string[]
  /**
   * Does not let it use the files that its inputs name: they are not those of whoever runs it.
   * @internal
   */
  readonly strangeInputs?: boolean
  /**
   * The tokens that this run has in common with others; whoever made them revokes them.
   * @internal
   */
  readonly shared?: SharedTokens
  /** Adds to the events what the options of each curl line are for. */
  readonly explainCurl?: boolean
  /** Sends the requests; undici unless given. A given one stays open after the run. */
  readonly transport?: Transport
  /** Epoch milliseconds; the system's clock unless given. */
  readonly now?: () => number
  /** From 0 to 1, for the waits between retries; Math.random unless given. */
  readonly random?: () => number
  /** Waits so many milliseconds, or until the signal aborts and then rejects; by the system's clock unless given. */
  readonly wait?: Wait
  /** Waits for Enter at a `pause` with a question; without it nobody is asked, and the run goes on. */
  readonly ask?: Ask | undefined
  /**
   * Asked before and after each step, while the deadline stands still; without it nothing stops.
   * @internal
   */
  readonly gate?: Gate | undefined
  /** What identifies this program; `osrun` unless given. */
  readonly userAgent?: string
  /** The text of `${run.id}`, lower-case hex; a new one unless given. */
  readonly runId?: string
  /** Keeps what is sent and answered. */
  readonly record?: Recorder | undefined
  /**
   * The language's verbs; the built-in ones unless given.
   * @internal
   */
  readonly verbs?: readonly Verb[]
}

/**
 * What a run tells by, and how it hides secrets.
 * @internal
 */
export type RunTools = {
  readonly masker: ReturnType<typeof createMasker>
  readonly runId: string
  readonly emit: Emit
}
