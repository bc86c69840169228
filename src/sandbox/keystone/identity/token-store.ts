import { createHash } from 'node:crypto'
import type { Keeper } from '../../keeper.ts'
import type { EarlierToken, Token } from './credentials.ts'
import { tokenRecord } from './records.ts'

/** The tokens that were given out. */
export type TokenStore = {
  /** How many this run has seen. */
  size(): number
  find(id: string): Token | undefined
  add(token: Token): void
  revoke(token: Token): void
  /** Revokes those of which that is so. */
  revokeWhere(which: (token: EarlierToken) => boolean): void
  /** Forgets those of which that is so. */
  drop(which: (token: EarlierToken) => boolean): void
  /** Lets all that end later end at that time. */
  expire(time: number): void
  /** Forgets those that ended before that time. */
  forget(time: number): void
  /** Each with its id, or the SHA-256 of that for one of an earlier run that nobody has shown. */
  all(): readonly (readonly [id: string, token: EarlierToken])[]
}

/**
 * A store of tokens. Of a token's id only its SHA-256 is kept, which is enough to know it again.
 *
 * @param earlier by the SHA-256 of their ids
 */
export function createTokenStore(
  keeper: Keeper | undefined,
  earlier: Map<string, EarlierToken> = new Map(),
): TokenStore {
  const tokens = new Map<string, Token>()
  const note = (key: string, token: EarlierToken | undefined): void =>
    keeper?.note(['token', key], token && tokenRecord(token))
  const noteNew = (token: Token): void => {
    if (keeper !== undefined) note(keyOf(token.id), token)
  }
  const change = (which: (token: EarlierToken) => boolean, how: (token: EarlierToken) => void): void => {
    for (const token of [...tokens.values()].filter(which)) {
      how(token)
      noteNew(token)
    }
    for (const [key, token] of [...earlier].filter(([, one]) => which(one))) {
      how(token)
      note(key, token)
    }
  }
  const revoke = (token: EarlierToken): void => {
    token.revoked = true
  }
  const recognise = (id: string): Token | undefined => {
    const found = earlier.size === 0 ? undefined : earlier.get(keyOf(id))
    if (found === undefined) return undefined
    earlier.delete(keyOf(id))
    const token = { ...found, id }
    tokens.set(id, token)
    return token
  }
  const drop = (which: (token: EarlierToken) => boolean): void => {
    for (const [id, token] of tokens) {
      if (!which(token)) continue
      tokens.delete(id)
      if (keeper !== undefined) note(keyOf(id), undefined)
    }
    for (const [key, token] of earlier) {
      if (!which(token)) continue
      earlier.delete(key)
      note(key, undefined)
    }
  }
  return {
    size: () => tokens.size,
    find: (id) => tokens.get(id) ?? recognise(id),
    add(token) {
      tokens.set(token.id, token)
      noteNew(token)
    },
    revoke(token) {
      revoke(token)
      noteNew(token)
    },
    revokeWhere: (which) => change((token) => !token.revoked && which(token), revoke),
    expire: (time) =>
      change(
        ({ expiresAt }) => expiresAt > time,
        (token) => {
          token.expiresAt = time
        },
      ),
    drop,
    forget: (time) => drop(({ expiresAt }) => expiresAt < time),
    all: () => [...tokens, ...earlier],
  }
}

function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}
