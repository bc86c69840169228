import type { Cloud, Credentials } from '../../model/cloud.ts'
import type { IssuedToken, TokenRequest } from '../../model/step.ts'
import type { Masker } from '../../secrets/masker.ts'
import { createLogins, type Logins } from './logins.ts'
import { createTokenKeeper, type SendForToken, type TokenKeeper } from './token-keeper.ts'

/** The tokens that the runs of a suite have in common: one for each user, scope and catalog. */
export type SharedTokens = {
  /**
   * The token for these credentials. Whoever comes first asks for it, whoever comes meanwhile waits for that one.
   * `refused` is the id of one that is no good any more.
   */
  issue(
    credentials: Credentials,
    request: TokenRequest,
    send: SendForToken,
    refused?: string,
  ): Promise<IssuedToken>
  /** Keeps all that were made so far, also those that were refused later. */
  readonly keeper: TokenKeeper
  /** Knows which logins failed, also of runs that have tokens of their own. */
  readonly logins: Logins
  /** Knows the secrets of all the runs. */
  readonly masker: Masker
}

/** Starts with no token. `masker` learns what the runs learn; `now` is in epoch milliseconds. Nothing here revokes. */
export function createSharedTokens(
  cloud: Cloud | undefined,
  masker: Masker,
  now: () => number,
): SharedTokens {
  const keeper = createTokenKeeper(cloud, now)
  const current = new Map<string, Promise<IssuedToken>>()
  return {
    keeper,
    logins: createLogins(),
    masker,
    async issue(credentials, request, send, refused) {
      const key = JSON.stringify([credentials, request.catalog])
      for (;;) {
        const pending = current.get(key)
        if (pending === undefined) break
        // Whoever asked has told why it failed; the next one tries for itself.
        const known = await pending.catch(() => undefined)
        if (known !== undefined && known.token.id !== refused) return known
        if (current.get(key) === pending) break
      }
      const asked = keeper.issue(credentials, request, send)
      current.set(key, asked)
      return asked
    },
  }
}
