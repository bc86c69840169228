import { errorCodes } from '../model/error-codes.ts'
import type { ProblemSource, SourcedProblem } from '../model/problem.ts'
import { claimsOf } from './claims.ts'
import type { RunRecord, StepRecord, SuiteRecord } from './run-records.ts'

/** All that went wrong in a run, each of it once: every report tells both. */
export type RunFailures = {
  /** The problem of each step that did not pass, but had to; of one that cleans up it says what is left behind. */
  readonly ofSteps: ReadonlyMap<StepRecord, SourcedProblem>
  /** What no step tells: outputs without a value, an interrupt between two steps, a crash. */
  readonly others: readonly SourcedProblem[]
}

/** What reports call the place of a problem that is of no step. */
export const placeOf: Readonly<Record<ProblemSource, string>> = {
  step: 'a step',
  outputs: 'outputs',
  run: 'the run',
  cleanup: 'cleaning up',
  suite: 'all recipes',
  report: 'reports',
}

/** Says what went wrong in a run; nothing for one that passed and cleaned up. */
export function runFailures({ steps, result, problem }: RunRecord): RunFailures {
  const ofSteps = result === undefined ? failuresOf(steps) : claimsOf(steps, result)
  const told = new Set(ofSteps.values())
  const all = [
    result?.problem,
    ...(result?.leftovers ?? []),
    problem ?? (result === undefined ? unfinished : undefined),
  ]
  return { ofSteps, others: all.flatMap((one) => (one === undefined || told.has(one) ? [] : [one])) }
}

// Of a run without a result nobody knows which of them ended it.
function failuresOf(steps: readonly StepRecord[]): ReadonlyMap<StepRecord, SourcedProblem> {
  return new Map(
    steps.flatMap((step) =>
      'problem' in step.result && !step.allowedFailure
        ? [[step, { ...step.result.problem, from: 'step', step: step.id }] as const]
        : [],
    ),
  )
}

const unfinished: SourcedProblem = {
  code: 'INTERNAL',
  message: 'The run did not come to its end.',
  causes: [],
  from: 'run',
}

/** Says what went wrong, and is of none of the runs. */
export function suiteFailures({ result, problems }: SuiteRecord): readonly SourcedProblem[] {
  const own = result?.problem === undefined ? [] : [result.problem]
  return [...own, ...(result?.leftovers ?? []), ...problems]
}

/** Everything that went wrong, with the recipe that it is of, where it is of one. */
export function allFailures(suite: SuiteRecord): readonly {
  readonly recipe?: string
  readonly problem: SourcedProblem
}[] {
  const ofRuns = suite.runs.flatMap((run) => {
    const { ofSteps, others } = runFailures(run)
    return [...ofSteps.values(), ...others].map((problem) => ({ recipe: run.recipe, problem }))
  })
  return [...ofRuns, ...suiteFailures(suite).map((problem) => ({ problem }))]
}

/** Whether the step that has told its failure has told this problem of the run. */
export function isOfStep({ from }: SourcedProblem, hasFailedStep: boolean): boolean {
  return from === 'step' && hasFailedStep
}

/** Whether something is other than a recipe expects, and not an error that kept it from being seen. */
export function isUnexpected({ code }: SourcedProblem): boolean {
  return errorCodes[code].exit === errorCodes.EXPECTATION_FAILED.exit
}
