import { errorCodes } from '../../model/error-codes.ts'
import type { RunResult } from '../../model/event.ts'
import type { SourcedProblem } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { Deferral } from '../step/deferral.ts'
import type { Tally } from './tally.ts'

/** How the steps of a recipe ended, before cleaning up. */
export type Outcome = {
  readonly tally: Tally
  /** The problem that ended them. */
  readonly problem: SourcedProblem | undefined
  readonly deferred: readonly Deferral[]
}

/** The result of a run: the first problem decides; what cleaning up could not do counts only without one. */
export function toRunResult(
  recipe: Recipe,
  { tally, problem }: Outcome,
  rest: Pick<RunResult, 'runId' | 'requests' | 'duration' | 'tokens' | 'outputs' | 'leftovers'>,
): RunResult {
  const { runId, leftovers, ...figures } = rest
  const idle = tally.idleReason()
  const exit =
    problem !== undefined
      ? errorCodes[problem.code].exit
      : leftovers.length > 0
        ? errorCodes.CLEANUP_FAILED.exit
        : 0
  const status =
    problem === undefined
      ? leftovers.length > 0
        ? 'failed'
        : 'passed'
      : problem.code === 'INTERRUPTED'
        ? 'interrupted'
        : exit === 4
          ? 'failed'
          : 'errored'
  return {
    recipe: recipe.name,
    file: recipe.file,
    runId,
    status,
    exit,
    steps: tally.counts,
    ...(exit === 0 && idle !== undefined && { skipped: idle }),
    ...figures,
    ...(problem && { problem }),
    leftovers,
  }
}
