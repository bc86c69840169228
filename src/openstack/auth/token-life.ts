import type { Token } from '../../model/token.ts'

/** Seconds between a token's issue and its end. */
export function lifeOf({ issuedAt, expiresAt }: Token): number {
  return (Date.parse(expiresAt) - Date.parse(issuedAt)) / 1000
}

/** Seconds that a token has left at `now` (epoch milliseconds), by the clock of the server that gave it. */
export function secondsLeft(token: Token, now: number): number {
  return (Date.parse(token.expiresAt) - (now + token.clockSkew)) / 1000
}
