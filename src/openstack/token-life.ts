import type { Token } from '../model/token.ts'

/** Seconds that a token has left at `now` (epoch milliseconds), by the clock of the server that gave it. */
export function secondsLeft(token: Token, now: number): number {
  return (Date.parse(token.expiresAt) - (now + token.clockSkew)) / 1000
}
