import type { RunEvent, SafeEvent, StepResult } from '../model/event.ts'
import type { Gate, GatedStep } from '../model/gate.ts'
import type { Problem } from '../model/problem.ts'
import { OsrunError, toProblem } from '../model/problem.ts'
import type { RecipeStep } from '../model/recipe.ts'
import { isTakenVariable } from '../util/environment-name.ts'
import type { Deferral } from './deferral.ts'
import type { Performance } from './perform-step.ts'
import { scriptEnvironment } from './script-environment.ts'
import type { RunParts } from './step-context.ts'

/** A gate, and what takes the events since the last time. */
export type Gating = { readonly gate: Gate; take(): readonly SafeEvent[] }

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

/** Keeps what is told until it is taken. */
export function remembering(tell: (event: RunEvent) => SafeEvent): {
  emit(event: RunEvent): SafeEvent
  take(): readonly SafeEvent[]
} {
  const recent: SafeEvent[] = []
  const emit = (event: RunEvent): SafeEvent => {
    const safe = tell(event)
    recent.push(safe)
    return safe
  }
  return { emit, take: () => recent.splice(0) }
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
