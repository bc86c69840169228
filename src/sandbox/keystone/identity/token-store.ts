import { createHash } from 'node:crypto'
import type { Keeper } from '../../keeper.ts'
import type { ApplicationCredential, EarlierToken, Token } from './credentials.ts'
import { tokenRecord } from './records.ts'

/** The tokens that were given out. */
export type TokenStore = {
  /** How many this run has seen. */
  size(): number
  find(id: string): Token | undefined
  add(token: Token): void
  revoke(token: Token): void
  /** Revokes those that were made with an application credential. */
  revokeOf(credential: ApplicationCredential): void
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
    revokeOf: (credential) => change((token) => token.applicationCredential === credential, revoke),
    expire: (time) =>
      change(
        ({ expiresAt }) => expiresAt > time,
        (token) => {
          token.expiresAt = time
        },
      ),
    forget(time) {
      for (const [id, { expiresAt }] of tokens) {
        if (expiresAt >= time) continue
        tokens.delete(id)
        if (keeper !== undefined) note(keyOf(id), undefined)
      }
      for (const [key, { expiresAt }] of earlier) {
        if (expiresAt >= time) continue
        earlier.delete(key)
        note(key, undefined)
      }
    },
    all: () => [...tokens, ...earlier],
  }
}

function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}
