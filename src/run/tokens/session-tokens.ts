import type { Cloud } from '../../model/cloud.ts'
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { loginTimeout } from '../../model/exchange.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Token } from '../../model/token.ts'
import type { Masker } from '../../secrets/masker.ts'
import { cleanupDetails } from '../cleanup/cleanup-retry.ts'
import type { Errand, Send } from '../send/link.ts'
import { graceForLogin } from './login-grace.ts'
import { revokeToken, trusteeOf } from './revocation.ts'
import type { KeptToken, TokenKeeper } from './token-keeper.ts'

/** What the tokens of a session need of it. */
type SessionTokenParts = {
  readonly cloud: Cloud
  readonly keeper: TokenKeeper
  readonly masker: Masker
  readonly send: Send
  /** Cancels a request for a token. */
  readonly signal: AbortSignal
  readonly notice: Errand['notice']
  now(): number
}

/** The tokens of a session: one at a time, got when it is needed. */
export type SessionTokens = {
  /** A token that is good, with what Keystone said of it. */
  live(): Promise<Fresh>
  /** One that is not this one; those that want it together get the same. */
  renew(old: KeptToken): Promise<Fresh>
  /** Revokes all of them; throws the first failure when all were tried. */
  revoke(): Promise<void>
}

/** A token of a session that Keystone's answer was understood for. */
type Fresh = { readonly kept: KeptToken; readonly token: Token }

/** Starts with no token. */
export function createSessionTokens(parts: SessionTokenParts): SessionTokens {
  const { keeper } = parts
  let pending: Promise<KeptToken> | undefined
  let current: KeptToken | undefined
  // Whoever comes while a token is being asked for waits for that one.
  const issue = async (): Promise<Fresh> => {
    pending ??= (async () => {
      try {
        current = await issueToken(parts)
        return current
      } finally {
        pending = undefined
      }
    })()
    return freshOf(await pending)
  }
  return {
    live: async () => (current === undefined || keeper.isDue(current) ? issue() : freshOf(current)),
    renew: async (old) => (current !== undefined && current !== old ? freshOf(current) : issue()),
    async revoke() {
      await pending?.catch(() => {})
      await revokeAll(parts)
    },
  }
}

async function issueToken({
  cloud,
  keeper,
  masker,
  send,
  signal,
  notice,
}: SessionTokenParts): Promise<KeptToken> {
  const request = { catalog: true, keep: false, fresh: true, variable: 'token' }
  using grace = graceForLogin(signal, loginTimeout)
  const { timeout } = grace
  // Not redirected, as a password is for Keystone alone.
  const details = { errand: { id: '', notice }, isForToken: true, signal: grace.signal, timeout }
  await keeper.issue(cloud.credentials, request, (asked, onHead) => send(asked, { ...details, onHead }))
  signal.throwIfAborted()
  const kept = keeper.tokens.at(-1)
  if (kept === undefined) throw new OsrunError('INTERNAL', 'A token was issued and not kept.')
  masker.learn(kept.id, 'token')
  return kept
}

function freshOf(kept: KeptToken): Fresh {
  const { token } = kept
  if (token === undefined)
    throw new OsrunError('AUTH_ANSWER_INVALID', "Keystone's answer holds no usable token.")
  return { kept, token }
}

async function revokeAll({ keeper, send, now, notice }: SessionTokenParts): Promise<void> {
  const details = cleanupDetails({ timeout: undefined, now, notice })
  const ask = (request: HttpRequest): Promise<HttpResponse> => send(request, details)
  const failures: unknown[] = []
  for (const kept of keeper.tokens) {
    if (kept.state !== 'live') continue
    const trustee = trusteeOf(kept)
    const asTrustee =
      trustee && (async () => (await keeper.issue(trustee.credentials, trustee.request, ask)).token.id)
    try {
      await revokeToken(kept, ask, asTrustee)
      kept.state = 'revoked'
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
