import type { StepResult } from '../../model/event.ts'
import { type Phrase, phrase } from '../../model/phrase.ts'
import type { Problem, SourcedProblem } from '../../model/problem.ts'
import { OsrunError, toProblem, withMessage } from '../../model/problem.ts'
import type { RecipeStep } from '../../model/recipe.ts'
import type { Verb } from '../../model/step.ts'
import type { Deferral } from '../step/deferral.ts'
import { performStep } from '../step/perform-step.ts'
import type { RunParts } from '../step/run-parts.ts'
import { runStep } from '../step/run-step.ts'
import { createStepContext } from '../step/step-context.ts'
import { taskOf } from '../step/task.ts'
import { revokeToken, trusteeOf } from '../tokens/revocation.ts'
import type { KeptToken } from '../tokens/token-keeper.ts'
import { cleanupRetry } from './cleanup-retry.ts'

/** How long cleaning up may take, and what ends it at once. */
export type CleanupLimits = {
  /** Milliseconds; 30 seconds unless given. */
  readonly timeout: number | undefined
  /** Stops cleaning up at once. */
  readonly abort: AbortSignal | undefined
  readonly keepTokens: boolean
}

/**
 * Runs the deferred steps, those of the last step first, then revokes what osrun authenticated: under its own
 * deadline, whatever ended the run. Gives back what could not be done; one failure never stops the rest.
 */
export async function cleanUp(
  parts: RunParts,
  deferred: readonly Deferral[],
  at: RecipeStep,
  limits: CleanupLimits,
): Promise<readonly SourcedProblem[]> {
  const leftovers: SourcedProblem[] = []
  const timeout = limits.timeout ?? 30_000
  const deadline = new AbortController()
  const timer = setTimeout(
    () =>
      deadline.abort(new OsrunError('DEADLINE_PASSED', phrase`Cleaning up took longer than ${timeout} ms.`)),
    timeout,
  )
  const signal =
    limits.abort === undefined ? deadline.signal : AbortSignal.any([deadline.signal, limits.abort])
  try {
    if (deferred.length > 0) await wakeToken(parts, at, signal)
    const within = { ...parts, deadline: parts.now() + timeout }
    await runDeferred(within, deferred, signal, (step, result) => {
      if (result.status === 'passed' || result.status === 'skipped' || step.allowFailure) return
      leftovers.push(
        leftover(
          result.problem,
          step.id,
          (before) => phrase`The deferred step "${step.id}" did not succeed: ${before}`,
        ),
      )
    })
    leftovers.push(...(await revokeAll(within, at, signal, limits.keepTokens)))
  } finally {
    clearTimeout(timer)
  }
  return leftovers
}

// A deferred step may defer in its turn: that comes after the steps beside it.
async function runDeferred(
  parts: RunParts,
  deferred: readonly Deferral[],
  signal: AbortSignal,
  onResult: (step: RecipeStep, result: StepResult) => void,
): Promise<void> {
  for (const { steps, within } of deferred.toReversed()) {
    const more: Deferral[] = []
    for (const given of steps) {
      const step = { ...given, retry: given.retry ?? cleanupRetry }
      const task = taskOf(step, parts.verbs, 'cleanup', signal)
      const performance = await performStep({ ...parts, ...within }, task)
      onResult(step, performance.result)
      more.push(...performance.deferred)
    }
    await runDeferred(parts, more, signal, onResult)
  }
}

// A recipe may have revoked its token before the deferred steps, which then need a new one.
async function wakeToken(parts: RunParts, at: RecipeStep, signal: AbortSignal): Promise<void> {
  const last = parts.keeper.tokens.findLast((kept) => kept.request.variable === 'token')
  if (last === undefined || last.state !== 'revoked') return
  try {
    const context = createStepContext(parts, at, signal, () => {})
    await context.authenticate(last.credentials, { ...last.request, keep: false })
  } catch (error) {
    parts.emit({
      type: 'notice',
      level: 'warning',
      message: `No token for cleaning up: ${toProblem(error).message}`,
    })
  }
}

async function revokeAll(
  parts: RunParts,
  at: RecipeStep,
  signal: AbortSignal,
  keepTokens: boolean,
): Promise<readonly SourcedProblem[]> {
  const leftovers: SourcedProblem[] = []
  // Revoking the token of a trust makes one of the trustee, which comes next.
  const seen = new Set<KeptToken>()
  const next = (): KeptToken | undefined =>
    parts.keeper.tokens.findLast((kept) => kept.state === 'live' && !seen.has(kept))
  for (let kept = next(); kept !== undefined; kept = next()) {
    seen.add(kept)
    if (keepTokens || kept.request.keep) {
      const until = kept.token === undefined ? '' : `, until ${kept.token.expiresAt}`
      parts.emit({
        type: 'notice',
        level: 'info',
        message: `The token "${kept.request.variable}" stays alive${until}.`,
      })
      continue
    }
    const step: RecipeStep = {
      ...at,
      id: `revoke-${kept.request.variable}`,
      name: undefined,
      note: undefined,
      verb: 'revoke',
      traits: { revokesTokens: true },
      captures: [],
      allowFailure: false,
      timeout: undefined,
      polling: undefined,
      retry: cleanupRetry,
    }
    const { result } = await runStep(parts, { step, verb: revocation(kept), phase: 'cleanup', signal })
    if (result.status === 'passed') kept.state = 'revoked'
    else if (result.status !== 'skipped') leftovers.push(leftover(result.problem, step.id, notRevoked))
  }
  return leftovers

  function revocation(kept: KeptToken): Verb {
    const { variable } = kept.request
    return {
      verb: 'revoke',
      summary: '',
      schema: {},
      example: '',
      title: () => `revoke the token${variable === 'token' ? '' : ` "${variable}"`}`,
      sets: () => [],
      run: async (_step, context) => {
        const trustee = trusteeOf(kept)
        await revokeToken(
          kept,
          (request) => context.send(request, { expects401: true }),
          trustee &&
            (async () => (await context.authenticate(trustee.credentials, trustee.request)).token.id),
        )
      },
    }
  }
}

function leftover(
  problem: Problem,
  step: string,
  message: (before: string | Phrase) => Phrase,
): SourcedProblem {
  return { ...withMessage(problem, message), code: 'CLEANUP_FAILED', from: 'cleanup', step }
}

/** What a leftover is whose token was not revoked, and why. */
export function notRevoked(why: string | Phrase): Phrase {
  return phrase`A token was not revoked: ${why}`
}
