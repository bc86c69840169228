import type { Cloud } from '../../model/cloud.ts'
import type { RunEvent } from '../../model/event.ts'
import type { HttpResponse } from '../../model/exchange.ts'
import type { Verb } from '../../model/step.ts'
import type { Masker } from '../../secrets/masker.ts'
import type { RunLedger } from '../ledger/run-ledger.ts'
import type { Values } from '../recipe/values.ts'
import type { Send } from '../send/link.ts'
import type { SecretHomes } from '../send/secret-homes.ts'
import type { Logins } from '../tokens/logins.ts'
import type { SharedTokens } from '../tokens/shared-tokens.ts'
import type { TokenKeeper } from '../tokens/token-keeper.ts'
import type { Ask, Wait } from '../wait.ts'
import type { FilePermission } from './file-permission.ts'

/** What the steps of one run share. */
export type RunParts = {
  readonly cloud: Cloud | undefined
  readonly directory: string
  readonly files: FilePermission
  /** Where credentials and tokens may go. */
  readonly homes: SecretHomes
  readonly values: Values
  readonly keeper: TokenKeeper
  /** The verbs of the language. */
  readonly verbs: readonly Verb[]
  readonly masker: Masker
  /** The way of every request. */
  readonly send: Send
  /** The tokens that several runs share; undefined where each has its own. */
  readonly shared: SharedTokens | undefined
  /** The logins of the suite, and this run's id; undefined outside of suites. */
  readonly logins: { readonly of: Logins; readonly run: string } | undefined
  readonly urlNames: { value: string; variable: string; secret: boolean }[]
  /** The variables of a shell that have an answer where the lines so far were pasted. */
  readonly kept: Set<string>
  /** The names that are read later, or may be. */
  readonly read: ReadonlySet<string>
  readonly count: { requests: number }
  /** Answers that steps share, by what was asked. */
  readonly asked: Map<string, HttpResponse>
  /** Where what the run creates is written down; undefined where it is not. */
  readonly ledger: RunLedger | undefined
  /** Refuse requests that could change something. */
  readonly readOnly: boolean
  /** Run scripts. */
  readonly allowRun: boolean
  /** The ids of steps whose answers are read later; only these are kept. */
  readonly referenced: ReadonlySet<string>
  /** Epoch milliseconds at which the run, or cleaning up, has to end. */
  readonly deadline: number
  readonly random: () => number
  readonly wait: Wait
  /** Waits for Enter; undefined where nobody can be asked. */
  readonly ask: Ask | undefined
  emit(event: RunEvent): void
  now(): number
}
