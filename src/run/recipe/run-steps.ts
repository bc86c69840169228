import { skipReasons } from '../../model/event.ts'
import type { SourcedProblem } from '../../model/problem.ts'
import type { Recipe, RecipeStep } from '../../model/recipe.ts'
import { createStop } from '../gate/create-stop.ts'
import { type GatedOutcome, type Gating, passGate } from '../gate/pass-gate.ts'
import type { Deferral } from '../step/deferral.ts'
import { performStep } from '../step/perform-step.ts'
import type { RunParts } from '../step/run-parts.ts'
import { skipStep } from '../step/skip-step.ts'
import { type Task, taskOf } from '../step/task.ts'
import type { RunLimit } from './run-limit.ts'
import type { Outcome } from './run-result.ts'
import { createTally } from './tally.ts'

/** What a run that can stand still has besides its parts. */
export type Standing = {
  /** The masked curl line of the last request. */
  curl(): string | undefined
  readonly gating: Gating | undefined
}

/** Runs the steps of a recipe in their order; after the first that does not pass the others are skipped. */
export async function runSteps(
  parts: RunParts & { readonly referenced: Set<string> },
  given: Recipe,
  limit: RunLimit,
  { curl, gating }: Standing,
): Promise<Outcome> {
  const { signal } = limit
  const tally = createTally()
  const deferred: Deferral[] = []
  let problem: SourcedProblem | undefined
  let recipe = given
  let waited = 0
  let isAsked = false
  const hold = async <T>(ask: () => Promise<T>): Promise<T> => {
    const from = parts.now()
    const resume = limit.hold()
    try {
      return await ask()
    } finally {
      waited += parts.now() - from
      resume()
    }
  }
  const perform = async (task: Task, index: number): Promise<GatedOutcome> => {
    const once = () => {
      const within = waited === 0 ? parts : { ...parts, deadline: parts.deadline + waited }
      return performStep(within, task)
    }
    if (gating === undefined) return once()
    const stop = () => createStop({ parts, recipe, step: task.step, index, signal, curl })
    return passGate(gating, { stop, signal, isAsked, perform: once, hold })
  }
  for (let index = 0; index < recipe.steps.length; index++) {
    const step = recipe.steps[index] as RecipeStep
    const task = taskOf(step, parts.verbs, 'main', signal)
    if (problem !== undefined) {
      tally.add(step, skipStep(parts, task, skipReasons.failedBefore))
      continue
    }
    const { result: ended, deferred: more, quit, again } = await perform(task, index)
    deferred.push(...more)
    isAsked = again !== undefined
    if (again !== undefined) {
      recipe = again.recipe
      for (const { id } of recipe.steps) parts.referenced.add(id)
      const next = recipe.steps.findIndex(({ id }) => id === again.step)
      index = Math.max(0, next) - 1
      continue
    }
    const result = ended ?? skipStep(parts, task, skipReasons.leftOut)
    tally.add(step, result)
    if ('problem' in result && !step.allowFailure)
      problem = { ...result.problem, from: 'step', step: step.id }
    // Whatever ends a run during a step that may fail is no failure of that step.
    else if ('problem' in result && signal.aborted) problem = { ...result.problem, from: 'run' }
    problem ??= quit && { ...quit, from: 'run' }
  }
  return { tally, problem, deferred }
}
