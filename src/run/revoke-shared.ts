import type { Transport } from '../model/exchange.ts'
import type { Problem } from '../model/problem.ts'
import { toProblem } from '../model/problem.ts'
import { revokeToken } from './revocation.ts'
import type { KeptToken } from './token-keeper.ts'

/** Revokes the tokens that runs shared, under a deadline of its own; gives back what could not be done. */
export async function revokeShared(
  tokens: readonly KeptToken[],
  transport: Transport,
  limits: { readonly cleanupTimeout?: number; readonly abortCleanup?: AbortSignal },
): Promise<readonly Problem[]> {
  const deadline = AbortSignal.timeout(limits.cleanupTimeout ?? 30_000)
  const signal =
    limits.abortCleanup === undefined ? deadline : AbortSignal.any([deadline, limits.abortCleanup])
  const leftovers: Problem[] = []
  for (const kept of tokens) {
    if (kept.state !== 'live') continue
    try {
      await revokeToken(kept, (request) => transport.send(request, { signal }), undefined)
      kept.state = 'revoked'
    } catch (error) {
      const problem = toProblem(error)
      leftovers.push({
        ...problem,
        code: 'CLEANUP_FAILED',
        message: `A token was not revoked: ${problem.message}`,
      })
    }
  }
  return leftovers
}
