import type { HttpRequest, HttpResponse, SendOptions } from '../../model/exchange.ts'
import type { RecipeStep, RetryPolicy } from '../../model/recipe.ts'
import type { IssuedToken, SendDetails, StepContext } from '../../model/step.ts'
import type { KeptToken } from '../tokens/token-keeper.ts'
import type { Wait } from '../wait.ts'

/** What requests are sent for: a step of a run, a session, the end of a suite. */
export type Errand = {
  /** The id of the step, as its events have it; empty where there is none. */
  readonly id: string
  /** The step of a recipe, with the names as it reads them; undefined where there is none. */
  readonly step?: RecipeStep
  readonly context?: StepContext
  /** How a request is sent again; undefined where none is. */
  readonly retrying?: Retrying | undefined
  /** Gets a token in the place of one, and makes it the current one; without it none is renewed. */
  renew?(kept: KeptToken): Promise<IssuedToken>
  notice(message: string, level?: 'info' | 'warning'): void
}

/** The variable of a shell that holds the answer which values are captured from. */
export const answerVariable = 'answer'

/** The variable of a shell that holds the answer which brought a token, by the name of the token. */
export function loginVariable(token: string): string {
  return token === 'token' ? 'login' : `login_${token.replaceAll('-', '_')}`
}

/** What goes along with a request. */
export type Details = SendDetails &
  SendOptions & {
    readonly errand: Errand
    /** The variable of a shell that later lines read the answer from; undefined where none do. */
    readonly keepAs?: string
    /** osrun itself asks for a token, or revokes one: with no other token than the request has, and also where nothing may be changed. */
    readonly isForToken?: boolean
  }

/** Sends a request, and gives its answer, whatever the status. */
export type Send = (request: HttpRequest, details: Details) => Promise<HttpResponse>

/** One thing that is seen to on the way of a request; `next` is the rest of the way. */
export type Link = (next: Send) => Send

/** The link that does nothing, and costs nothing. */
export const pass: Link = (next) => next

/** Joins links to one way, of which the first link is the beginning. */
export function compose(links: readonly Link[], end: Send): Send {
  return links.reduceRight((next, link) => link(next), end)
}

/** What sending again needs of the step around it. */
export type Retrying = {
  readonly policy: RetryPolicy
  /** Ends the waiting. */
  readonly signal: AbortSignal
  /** Epoch milliseconds; nothing is sent after it. */
  readonly deadline: number
  /** From 0 to 1, as Math.random. */
  readonly random: () => number
  readonly wait: Wait
  now(): number
}
