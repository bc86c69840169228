import type { RunEvent } from '../../model/event.ts'
import type { Transport } from '../../model/exchange.ts'
import type { Position, Problem, SourcedProblem } from '../../model/problem.ts'
import { toProblem, withMessage } from '../../model/problem.ts'
import { learnCloud } from '../masking/cloud-secrets.ts'
import type { RunOptions } from '../recipe/run-options.ts'
import type { Send } from '../send/link.ts'
import { buildRoad } from '../send/road.ts'
import { revokeToken } from '../tokens/revocation.ts'
import type { SharedTokens } from '../tokens/shared-tokens.ts'
import { notRevoked } from './clean-up.ts'
import { cleanupDetails } from './cleanup-retry.ts'

/** What revoking shared tokens needs of the suite. */
export type SharedRevocation = Omit<RunOptions, 'now' | 'transport'> & {
  readonly transport: Transport
  /** Where the events say that they come from: a step of the suite. */
  readonly at: Position
  now(): number
  emit(event: RunEvent): void
}

const id = 'revoke-shared-token'
const own = {
  step: id,
  verb: 'revoke',
  title: 'revoke the token that the recipes shared',
  phase: 'cleanup',
} as const

/**
 * Revokes the tokens that runs shared, under a deadline of its own: each as a step of the suite that cleans up. Gives back
 * what could not be done.
 */
export async function revokeShared(
  shared: SharedTokens,
  options: SharedRevocation,
): Promise<readonly SourcedProblem[]> {
  const { at, now, emit, random, wait } = options
  const send = roadOf(shared, options)
  const details = cleanupDetails({
    id,
    timeout: options.cleanupTimeout,
    abort: options.abortCleanup,
    random,
    wait,
    now,
    notice: (message, level = 'info') => emit({ type: 'notice', step: id, level, message }),
  })
  const leftovers: SourcedProblem[] = []
  for (const kept of shared.keeper.tokens) {
    if (kept.state !== 'live') continue
    const started = now()
    emit({ type: 'step:start', ...own, at, time: new Date(started).toISOString() })
    const problem = await problemOf(() => revokeToken(kept, (request) => send(request, details), undefined))
    if (problem === undefined) kept.state = 'revoked'
    else leftovers.push({ ...withMessage(problem, notRevoked), code: 'CLEANUP_FAILED', from: 'cleanup' })
    const result =
      problem === undefined ? ({ status: 'passed' } as const) : ({ status: 'errored', problem } as const)
    emit({ type: 'step:end', ...own, result, allowedFailure: false, duration: now() - started })
  }
  return leftovers
}

async function problemOf(act: () => Promise<unknown>): Promise<Problem | undefined> {
  try {
    await act()
    return undefined
  } catch (error) {
    return toProblem(error)
  }
}

function roadOf({ keeper, masker }: SharedTokens, options: SharedRevocation): Send {
  const { cloud, transport, userAgent, reveal, explainCurl, now, emit } = options
  const urlNames = cloud === undefined ? [] : learnCloud(cloud, masker)
  for (const { id: token } of keeper.tokens) masker.learn(token, 'token')
  const teller = {
    masker,
    cloud,
    reveal: reveal === true,
    explainCurl: explainCurl === true,
    urlNames,
    kept: new Set<string>(),
    emit,
    now,
  }
  return buildRoad({ userAgent, keeper, teller, transport, recording: options.record?.link('', now) })
}
