import type { SafeEvent, StepResult } from '../model/event.ts'
import type { Problem } from '../model/problem.ts'
import { OsrunError, toProblem } from '../model/problem.ts'
import type { RecipeStep } from '../model/recipe.ts'
import { isTakenVariable } from '../util/environment-name.ts'
import type { Deferral } from './deferral.ts'
import type { Performance } from './perform-step.ts'
import { scriptEnvironment } from './script-environment.ts'
import type { RunParts } from './step-context.ts'

/** A step of the recipe at which a run stops. */
export type GatedStep = {
  readonly step: RecipeStep
  /** 0 for the first. */
  readonly index: number
  /** Hides every secret that the run knows. */
  mask(text: string): string
  /**
   * The variables that curl lines read: inputs, captures, the endpoint, and secrets under their names, the token too, with
   * their real values.
   */
  environment(): Readonly<Record<string, string>>
}

/** Asked before and after each step of the recipe, but for those that clean up; the run waits for its answers. */
export type Gate = {
  before(at: GatedStep): Promise<'go' | 'skip' | 'quit'>
  /** `events`: those of the step, masked, in order. A step that is repeated and has passed once has passed. */
  after(at: GatedStep, events: readonly SafeEvent[]): Promise<'go' | 'repeat' | 'quit'>
}

/** How a step ended that had to pass a gate. */
export type GatedOutcome = {
  /** Undefined when the gate did not let it begin. */
  readonly result: StepResult | undefined
  readonly deferred: readonly Deferral[]
  /** Set when the gate ended the run. */
  readonly quit: Problem | undefined
}

/**
 * Takes a step through a gate; `perform` does it once, `take` takes the events since the last time. A gate that fails
 * ends the run, which cleans up all the same.
 */
export async function passGate(
  gate: Gate,
  at: GatedStep,
  perform: () => Promise<Performance>,
  take: () => readonly SafeEvent[],
): Promise<GatedOutcome> {
  const deferred: Deferral[] = []
  let result: StepResult | undefined
  try {
    const answer = await gate.before(at)
    if (answer !== 'go') return { result, deferred, quit: answer === 'quit' ? ended() : undefined }
    for (;;) {
      take()
      const performance = await perform()
      deferred.push(...performance.deferred)
      if (result?.status !== 'passed') result = performance.result
      const next = await gate.after(at, take())
      if (next !== 'repeat') return { result, deferred, quit: next === 'quit' ? ended() : undefined }
    }
  } catch (error) {
    return { result, deferred, quit: toProblem(error) }
  }
}

/** What a gate is shown of a step. */
export function gatedStep(parts: RunParts, step: RecipeStep, index: number): GatedStep {
  const { masker, values, keeper, urlNames } = parts
  return {
    step,
    index,
    mask: masker.mask,
    environment() {
      const tokens = new Set(keeper.tokens.map(({ request }) => request.variable))
      // A name that was set twice, as that of a renewed token, is known with both values, the last one at the end.
      const known = [...urlNames, ...masker.names()].filter(
        ({ variable, value }) => isFree(variable) && !value.includes('\0'),
      )
      return {
        ...scriptEnvironment('', values, { tokens, token: true, at: step.at }),
        ...Object.fromEntries(known.map(({ variable, value }) => [variable, value])),
      }
    },
  }
}

// The cloud's own secrets go by the names of the variables that they have elsewhere.
function isFree(variable: string): boolean {
  return variable.startsWith('OS_') || !isTakenVariable(variable)
}

function ended(): Problem {
  return toProblem(new OsrunError('INTERRUPTED', 'The run was ended before its last step.'))
}
