import type { Transport } from '../model/exchange.ts'
import type { Problem } from '../model/problem.ts'
import { toProblem, withMessage } from '../model/problem.ts'
import { notRevoked } from './cleanup.ts'
import { cleanupSender } from './cleanup-retry.ts'
import { revokeToken } from './revocation.ts'
import type { RunOptions } from './run-recipe.ts'
import type { KeptToken } from './token-keeper.ts'

/** Revokes the tokens that runs shared, under a deadline of its own; gives back what could not be done. */
export async function revokeShared(
  tokens: readonly KeptToken[],
  transport: Transport,
  options: Pick<RunOptions, 'cleanupTimeout' | 'abortCleanup' | 'random' | 'wait' | 'now'>,
): Promise<readonly Problem[]> {
  const { cleanupTimeout, abortCleanup, random, wait, now = Date.now } = options
  const send = cleanupSender(transport, { timeout: cleanupTimeout, abort: abortCleanup, random, wait, now })
  const leftovers: Problem[] = []
  for (const kept of tokens) {
    if (kept.state !== 'live') continue
    try {
      await revokeToken(kept, send, undefined)
      kept.state = 'revoked'
    } catch (error) {
      const problem = toProblem(error)
      leftovers.push({ ...withMessage(problem, notRevoked), code: 'CLEANUP_FAILED' })
    }
  }
  return leftovers
}
