import type { Phase, StepResult } from '../../model/event.ts'
import { skipReasons } from '../../model/event.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { PlacedValue, Recipe, RecipeStep } from '../../model/recipe.ts'
import type { Verb } from '../../model/step.ts'
import { renderJson } from '../../recipe/template/render-template.ts'
import type { Deferral, Performance } from './deferral.ts'
import { deferralOf } from './deferral.ts'
import { runIncluded } from './run-included.ts'
import type { RunParts } from './run-parts.ts'
import { runStep } from './run-step.ts'
import { skipStep } from './skip-step.ts'
import { createStepContext } from './step-context.ts'
import { unmetCondition } from './unmet-condition.ts'

/** Does what a step says: not at all when its `when` does not hold, once, or once for each item of its `for-each`. */
export function performStep(
  parts: RunParts,
  verb: Verb,
  step: RecipeStep,
  phase: Phase,
  signal: AbortSignal,
): Promise<Performance> {
  const isPlain = step.when === undefined && step.forEach === undefined
  return (isPlain ? runOnce : performOnCondition)(parts, verb, step, phase, signal)
}

async function performOnCondition(
  parts: RunParts,
  verb: Verb,
  step: RecipeStep,
  phase: Phase,
  signal: AbortSignal,
): Promise<Performance> {
  const skip = (reason: string): Performance => ({
    result: skipStep(parts, verb, step, phase, reason),
    deferred: [],
  })
  let items: readonly unknown[] | undefined
  try {
    const unmet = step.when && unmetCondition(parts, step, step.when, signal)
    if (unmet !== undefined) return skip(unmet)
    items = step.forEach && itemsOf(parts, step.forEach)
  } catch (error) {
    return runOnce(parts, refusing(verb, error), step, phase, signal)
  }
  if (items === undefined) return runOnce(parts, verb, step, phase, signal)
  if (items.length === 0) return skip(skipReasons.nothingToRepeat)
  return runRounds(parts, verb, step, items, phase, signal)
}

// The first round that does not pass is the last one.
async function runRounds(
  parts: RunParts,
  verb: Verb,
  step: RecipeStep,
  items: readonly unknown[],
  phase: Phase,
  signal: AbortSignal,
): Promise<Performance> {
  const title = step.name ?? verb.title(step.input)
  const deferred: Deferral[] = []
  let result: StepResult = { status: 'passed' }
  for (const [index, item] of items.entries()) {
    const number = index + 1
    const round: RecipeStep = {
      ...step,
      id: `${step.id}[${number}]`,
      roundOf: step.roundOf ?? step.id,
      name: `${title} [${number}/${items.length}]`,
      note: index === 0 ? step.note : undefined,
    }
    const values = parts.values.over(new Map([['item', item]]))
    const performance = await runOnce({ ...parts, values }, verb, round, phase, signal)
    deferred.push(...performance.deferred)
    result = performance.result
    if (result.status !== 'passed') break
  }
  return { result, deferred }
}

async function runOnce(
  parts: RunParts,
  verb: Verb,
  step: RecipeStep,
  phase: Phase,
  signal: AbortSignal,
): Promise<Performance> {
  if (step.included !== undefined) return runWhole(parts, verb, step, step.included, phase, signal)
  const { result, happened } = await runStep(parts, verb, step, phase, signal)
  return { result, deferred: happened ? await register(parts, step, signal) : [] }
}

// What is to be undone is written down at once: the run may be killed.
async function register(
  parts: RunParts,
  step: RecipeStep,
  signal: AbortSignal,
): Promise<readonly Deferral[]> {
  const deferred = deferralOf(parts, step)
  for (const { within } of deferred)
    await parts.ledger?.deferred(
      step,
      createStepContext({ ...parts, ...within }, step, signal, () => {}),
    )
  return deferred
}

// What an include defers is undone before what the steps that it stands for defer.
async function runWhole(
  parts: RunParts,
  verb: Verb,
  step: RecipeStep,
  recipe: Recipe,
  phase: Phase,
  signal: AbortSignal,
): Promise<Performance> {
  const { result, deferred } = await runIncluded(parts, { verb, step, recipe }, phase, signal, performStep)
  const own = result.status === 'passed' ? await register(parts, step, signal) : []
  return { result, deferred: [...deferred, ...own] }
}

function itemsOf(parts: RunParts, { value, locate }: PlacedValue): readonly unknown[] {
  const items = renderJson(value, parts.values.lookup, locate)
  if (Array.isArray(items)) return items
  throw new OsrunError(
    'VALUE_INVALID',
    phrase`"for-each" needs a list, and ${String(value)} is ${kindOf(items)}.`,
    {
      at: locate([]),
      hint: phrase`Capture a list: a JSONPath with [*] gives one, such as $[*].name.`,
    },
  )
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'object' ? 'a mapping' : `the ${typeof value} ${JSON.stringify(value)}`
}

// The step begins and ends like any other that cannot be run.
function refusing(verb: Verb, error: unknown): Verb {
  return { ...verb, run: () => Promise.reject(error) }
}
