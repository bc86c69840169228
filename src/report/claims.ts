import type { Phase, RunResult, StepResult } from '../model/event.ts'
import type { SourcedProblem } from '../model/problem.ts'

type Ended = {
  readonly id: string
  readonly phase: Phase
  readonly result: StepResult
  readonly allowedFailure: boolean
}

/**
 * Which step tells which problem of a run's result, each problem told by one of them at most. The rounds of the step that ended
 * the run tell one of their own each. A step that did not pass and tells none did no harm: it may fail, or it was done again and
 * passed.
 */
export function claimsOf<Step extends Ended>(
  steps: readonly Step[],
  { problem, leftovers }: Pick<RunResult, 'problem' | 'leftovers'>,
): ReadonlyMap<Step, SourcedProblem> {
  const claims = new Map<Step, SourcedProblem>()
  const failed = steps.filter((step) => 'problem' in step.result && !step.allowedFailure)
  const last = failed.findLast(({ id, phase }) => phase === 'main' && isWithin(id, problem?.step))
  if (problem?.from === 'step' && last !== undefined) {
    for (const step of failed) {
      const isDoneAgain = steps.findLast(({ id }) => id === step.id) !== step
      const isRound = step.phase === 'main' && isWithin(step.id, problem.step) && !isDoneAgain
      if (isRound && 'problem' in step.result)
        claims.set(step, { ...step.result.problem, from: 'step', step: step.id })
    }
    claims.set(last, problem)
  }
  for (const leftover of leftovers) {
    const step = failed.find(
      (one) => one.phase === 'cleanup' && isWithin(one.id, leftover.step) && !claims.has(one),
    )
    if (step !== undefined) claims.set(step, leftover)
  }
  return claims
}

// Rounds and included steps have the id of their step at the beginning of their own.
function isWithin(id: string, step: string | undefined): boolean {
  return step !== undefined && (id === step || id.startsWith(`${step}.`) || id.startsWith(`${step}[`))
}
