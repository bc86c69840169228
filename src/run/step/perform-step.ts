import type { StepResult } from '../../model/event.ts'
import { skipReasons } from '../../model/event.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Json, PlacedValue, Recipe, RecipeStep } from '../../model/recipe.ts'
import { noItemReason } from '../../recipe/describe.ts'
import { compileExpectation } from '../../recipe/expectation/expectation.ts'
import { renderJson } from '../../recipe/template/render-template.ts'
import { readTemplate } from '../../recipe/template/template.ts'
import { isMapping } from '../../steps/input.ts'
import { valueAt } from '../../util/data-path.ts'
import { writeJson } from '../../util/parse-json.ts'
import type { Deferral, Performance } from './deferral.ts'
import { deferralOf } from './deferral.ts'
import { runIncluded } from './run-included.ts'
import type { RunParts } from './run-parts.ts'
import { runStep } from './run-step.ts'
import { skipStep } from './skip-step.ts'
import { createStepContext } from './step-context.ts'
import type { Task } from './task.ts'
import { unmetCondition } from './unmet-condition.ts'

/** Does what a step says: not at all when its `when` does not hold, once, or once for each item of its `for-each`. */
export function performStep(parts: RunParts, task: Task): Promise<Performance> {
  const { step } = task
  const isPlain = step.when === undefined && step.forEach === undefined
  return (isPlain ? runOnce : performOnCondition)(parts, task)
}

async function performOnCondition(parts: RunParts, task: Task): Promise<Performance> {
  const { step } = task
  const skip = (reason: string): Performance => ({ result: skipStep(parts, task, reason), deferred: [] })
  let items: readonly unknown[] | undefined
  try {
    const unmet = step.when && unmetCondition(parts, task, step.when)
    if (unmet !== undefined) return skip(unmet)
    items = step.forEach && itemsOf(parts, step.forEach).filter((item) => counts(parts, step, item))
  } catch (error) {
    return runOnce(parts, refusing(task, error))
  }
  if (items === undefined) return runOnce(parts, task)
  if (items.length === 0)
    return skip(step.where === undefined ? skipReasons.nothingToRepeat : noItemReason(step.where.value))
  return runRounds(parts, task, items)
}

// The first round that does not pass is the last one, unless the others are to be run all the same: then the last of those
// that did not pass decides.
async function runRounds(parts: RunParts, task: Task, items: readonly unknown[]): Promise<Performance> {
  const { step, verb } = task
  const titleOf = titlesOfRounds(step.name ?? verb.title(step.input))
  const deferred: Deferral[] = []
  let result: StepResult = { status: 'passed' }
  for (const [index, item] of items.entries()) {
    const number = index + 1
    const round: RecipeStep = {
      ...step,
      id: `${step.id}[${number}]`,
      roundOf: step.roundOf ?? step.id,
      name: `${titleOf(item)} [${number}/${items.length}]`,
      note: index === 0 ? step.note : undefined,
    }
    const values = parts.values.over(new Map([['item', item]]))
    const performance = await runOnce({ ...parts, values }, { ...task, step: round })
    deferred.push(...performance.deferred)
    if (performance.result.status === 'passed') continue
    result = performance.result
    if (!step.keepGoing || task.signal.aborted) break
  }
  return { result, deferred }
}

async function runOnce(parts: RunParts, task: Task): Promise<Performance> {
  const { included } = task.step
  if (included !== undefined) return runWhole(parts, task, included)
  const { result, happened } = await runStep(parts, task)
  return { result, deferred: happened && task.step.defer.length > 0 ? await register(parts, task) : [] }
}

// What is to be undone is written down at once: the run may be killed.
async function register(parts: RunParts, { step, signal }: Task): Promise<readonly Deferral[]> {
  const deferred = deferralOf(parts, step)
  for (const { within } of deferred)
    await parts.ledger?.deferred(
      step,
      createStepContext({ ...parts, ...within }, step, signal, () => {}),
    )
  return deferred
}

// What an include defers is undone before what the steps that it stands for defer.
async function runWhole(parts: RunParts, task: Task, recipe: Recipe): Promise<Performance> {
  const { result, deferred } = await runIncluded(parts, task, recipe, performStep)
  const own = result.status === 'passed' ? await register(parts, task) : []
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

// A title with the item's own values; whatever else is read in it stays as it is written.
function titlesOfRounds(title: string): (item: unknown) => string {
  const { template, faults } = readTemplate(title)
  if (faults.length > 0) return () => title
  return (item) =>
    template.parts
      .map((part) => {
        if (part.kind === 'text') return part.text
        const [name, ...rest] = part.path
        const value = name === 'item' ? valueAt(item, rest) : undefined
        const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        return isText ? String(value) : title.slice(part.offset, part.offset + part.length)
      })
      .join('')
}

// Whether an item has in its fields what `where` says.
function counts(parts: RunParts, { where }: RecipeStep, item: unknown): boolean {
  if (where === undefined) return true
  const { value, locate } = where
  return Object.entries(value as { readonly [field: string]: Json }).every(([field, wanted]) => {
    const expected = renderJson(wanted, parts.values.lookup, locate, [field])
    const found = isMapping(item) ? item[field] : undefined
    return compileExpectation(expected)(found).length === 0
  })
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'object' ? 'a mapping' : `the ${typeof value} ${writeJson(value)}`
}

// The step begins and ends like any other that cannot be run.
function refusing(task: Task, error: unknown): Task {
  return { ...task, verb: { ...task.verb, run: () => Promise.reject(error) } }
}
