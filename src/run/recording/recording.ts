import type { Cloud } from '../../model/cloud.ts'
import type { BodyFacts, HeaderList } from '../../model/exchange.ts'
import type { Problem } from '../../model/problem.ts'
import type { Json } from '../../model/recipe.ts'

/**
 * The version of the format that this program writes and reads.
 * @internal
 */
export const recordingVersion = 1

/** Runs and their exchanges as a file keeps them: each secret is a text that stands for it. */
export type Recording = {
  readonly cloud: Cloud | undefined
  /** In the order in which they began. */
  readonly runs: readonly RecordedRun[]
  /** What a suite asked itself, after its runs: to revoke the tokens that they shared. */
  readonly afterwards: readonly RecordedExchange[]
}

/** One run of a recipe. */
export type RecordedRun = {
  readonly run: string
  readonly recipe: string
  readonly file: string
  /** Epoch milliseconds. */
  readonly started: number
  readonly inputs: Readonly<Record<string, Json>>
  /** The variables that the recipe reads as `env.NAME`. */
  readonly environment: Readonly<Record<string, string>>
  readonly exchanges: readonly RecordedExchange[]
}

/** One request, and the answer or the problem that it met. Times are epoch milliseconds. */
export type RecordedExchange = {
  readonly request: RequestRecord
  readonly sent: number
  readonly ended: number
  readonly response?: RecordedResponse
  readonly problem?: Problem
  /** The head of an answer that met the problem in its body. */
  readonly head?: RecordedHead
}

/** A request as far as a replay compares it, and its headers for who reads the file. */
export type RequestRecord = {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  /** A text as it was sent; `@NAME` for a file; a line for each part of a form. */
  readonly body?: string
}

type RecordedHead = { readonly status: number; readonly headers: HeaderList }

/** An answer. Size and hashes are those of what came, before secrets were replaced. */
export type RecordedResponse = RecordedHead &
  BodyFacts & {
    readonly reason?: string
    /** Milliseconds. */
    readonly duration: number
    /** The body, as text or in base64; neither where the transport had not kept it. */
    readonly text?: string
    readonly base64?: string
    /** The body is not in the recording, although there was one. */
    readonly leftOut?: true
    readonly sent?: BodyFacts
    readonly sentSize?: number
  }

/**
 * A cloud in a file, where it has the key `origins` for where its values came from.
 * @internal
 */
export type RecordedCloud = Omit<Cloud, 'valueSources'> & { readonly origins: Cloud['valueSources'] }

/**
 * One line of the file.
 * @internal
 */
export type RecordingLine =
  | {
      readonly type: 'recording'
      readonly version: number
      readonly cloud?: RecordedCloud
    }
  | ({ readonly type: 'run' } & Omit<RecordedRun, 'exchanges'>)
  | ({
      readonly type: 'exchange'
      /** Empty for one of the suite itself. */
      readonly run: string
    } & RecordedExchange)
  /** The last line: without it the file has been cut. */
  | { readonly type: 'end'; readonly runs: number; readonly exchanges: number }
