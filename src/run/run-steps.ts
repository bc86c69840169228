import type { Breakpoint, Decision } from '../model/breakpoint.ts'
import type { StepResult } from '../model/event.ts'
import { OsrunError, type Problem, toProblem } from '../model/problem.ts'
import type { Recipe, RecipeStep } from '../model/recipe.ts'
import { createHalt } from './create-halt.ts'
import type { Deferral } from './deferral.ts'
import { type Gating, gatedStep, passGate } from './gate.ts'
import { interruptionOf } from './interruption.ts'
import { type Performance, performStep } from './perform-step.ts'
import { verbOf } from './registry.ts'
import type { RunLimit } from './run-limit.ts'
import type { Outcome } from './run-result.ts'
import { skipStep } from './skip-step.ts'
import type { RunParts } from './step-context.ts'
import { createTally } from './tally.ts'

/** What a run that can stand still has besides its parts. */
export type Debugging = {
  readonly breakpoint: Breakpoint | undefined
  /** The ids of which answers are kept; grows with those of an edited recipe. */
  readonly kept: Set<string>
  /** The masked curl line of the last request. */
  curl(): string | undefined
  readonly gating: Gating | undefined
}

/** Runs the steps of a recipe in their order; after the first that does not pass the others are skipped. */
export async function runSteps(
  parts: RunParts,
  given: Recipe,
  limit: RunLimit,
  { breakpoint, kept, curl, gating }: Debugging,
): Promise<Outcome> {
  const { signal } = limit
  const tally = createTally()
  const deferred: Deferral[] = []
  let problem: Problem | undefined
  let recipe = given
  let waited = 0
  let last: StepResult['status'] | undefined
  const ask = async (step: RecipeStep, result: StepResult | undefined): Promise<Decision> => {
    if (breakpoint === undefined || signal.aborted) return { go: 'on' }
    const from = parts.now()
    const resume = limit.hold()
    try {
      return await breakpoint(createHalt({ parts, step, result, recipe, signal, curl: curl() }))
    } finally {
      waited += parts.now() - from
      resume()
    }
  }
  // The index of the step that comes next after a decision; undefined: the one that would have come anyway.
  const follow = (decision: Decision): number | undefined => {
    if (decision.go === 'quit')
      problem ??= toProblem(
        signal.aborted
          ? interruptionOf(signal)
          : new OsrunError('INTERRUPTED', 'The run was ended at the prompt.'),
      )
    if (decision.go !== 'retry') return undefined
    recipe = decision.recipe
    for (const { id } of recipe.steps) kept.add(id)
    if (last !== undefined) tally.takeBack(last)
    last = undefined
    problem = undefined
    return Math.max(
      0,
      recipe.steps.findIndex(({ id }) => id === decision.step),
    )
  }
  let resumed = -1
  for (let index = 0; index < recipe.steps.length; index++) {
    const step = recipe.steps[index] as RecipeStep
    if (problem === undefined && index !== resumed) {
      // The step before stays as it has ended.
      last = undefined
      const back = follow(await ask(step, undefined))
      if (back !== undefined) {
        resumed = back
        index = back - 1
        continue
      }
    }
    resumed = -1
    const verb = verbOf(parts.verbs, step.verb)
    if (problem !== undefined) {
      tally.add(step.verb, skipStep(parts, verb, step, 'main', 'an earlier step did not pass'))
      continue
    }
    const within = waited === 0 ? parts : { ...parts, deadline: parts.deadline + waited }
    const perform = (): Promise<Performance> => performStep(within, verb, step, 'main', signal)
    const gated = gating && (await passGate(gating.gate, gatedStep(parts, step, index), perform, gating.take))
    const { result: ended, deferred: more } = gated ?? (await perform())
    const result = ended ?? skipStep(parts, verb, step, 'main', 'left out')
    last = result.status
    tally.add(step.verb, result)
    deferred.push(...more)
    if ('problem' in result && (!step.allowFailure || signal.aborted)) problem = result.problem
    problem ??= gated?.quit
    if (!('problem' in result)) continue
    const back = follow(await ask(step, result))
    if (back === undefined) continue
    resumed = back
    index = back - 1
  }
  return { tally, problem, deferred }
}
