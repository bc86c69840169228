import type { Call } from '../call.ts'
import type { Service } from '../keystone/service.ts'
import type { Reply } from '../reply.ts'

/** A request, with the service that it is for. */
export type Asked = {
  readonly call: Call
  readonly service: 'identity' | 'object-store'
  /** Lets every token that was given out end now. */
  expireTokens(): void
}

/** What a fault does while it is on. Times are milliseconds. */
export type Effect = {
  /** Added to the sandbox's clock. */
  readonly clockOffset?: number
  /** Of tokens that are made from now on. */
  readonly tokenLife?: number
  /** How long a service trusts what it was told of a token. */
  readonly validationCache?: number
  /** Whether a service takes the token of this request for a bad one. */
  refusesToken?(): boolean
  /** Instead of the answer; undefined leaves it to the service. */
  answer?(asked: Asked): Reply | undefined
  /** Changes an answer. */
  change?(reply: Reply, asked: Asked): Reply
  catalog?(services: readonly Service[]): readonly Service[]
  /** Changes a link in a document of versions. */
  link?(href: string): string
  /** Whether it has happened as often as it should; it is off then. */
  isSpent?(): boolean
}

/** What can be broken in the sandbox on purpose. */
export type Fault = {
  readonly name: string
  /** One sentence: what is broken while it is on. */
  readonly summary: string
  /** What the value is; a fault without this takes none. */
  readonly value?: FaultValue
  /** Whether it shows with TLS only. */
  readonly needsTls?: true
  /** A fresh effect, with counts that begin anew. A duration comes in milliseconds. */
  begin(value: string): Effect
}

/** What a fault's value may be, and which it is when none is given. */
type FaultValue = {
  readonly kind: 'count' | 'duration' | 'name'
  readonly default: string
}

/** The milliseconds of `500ms`, `10s`, `5m` or `2h`, also below zero; undefined for another text. */
export function millisecondsOf(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^(-?\d{1,9})(ms|s|m|h)$/.exec(text) ?? []
  const size = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit]
  return size === undefined ? undefined : Number(amount) * size
}

/** Counts down from a number. */
export function timesOf(value: string): {
  /** Takes one time; false when there is none left. */
  take(): boolean
  isSpent(): boolean
} {
  let left = Number(value)
  return { take: () => left-- > 0, isSpent: () => left <= 0 }
}
