import type { StepResult } from '../../model/event.ts'
import { skipReasons } from '../../model/event.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Json, Recipe, RecipeStep } from '../../model/recipe.ts'
import { fromInclude, resolveInputs } from '../../recipe/choose/resolve-inputs.ts'
import { referencedSteps } from '../../recipe/read/reads.ts'
import { renderJson } from '../../recipe/template/render-template.ts'
import { learnRecipe } from '../masking/recipe-secrets.ts'
import { includedValues } from '../recipe/values.ts'
import type { Deferral, Performance } from './deferral.ts'
import { permissionWithin } from './file-permission.ts'
import type { RunParts } from './run-parts.ts'
import { runStep, timeLimit } from './run-step.ts'
import { skipStep } from './skip-step.ts'
import { createStepContext } from './step-context.ts'
import { type Task, taskOf } from './task.ts'

/** Does what one step of a recipe says. */
type Perform = (parts: RunParts, task: Task) => Promise<Performance>

/**
 * Runs the steps of an included recipe in the place of the step that includes it: with inputs of its own, the same token
 * and catalog, and what it gives set afterwards. The first of its steps that does not pass ends it.
 */
export async function runIncluded(
  parts: RunParts,
  task: Task,
  recipe: Recipe,
  perform: Perform,
): Promise<Performance> {
  using limit = timeLimit(task.signal, task.step)
  const inTime = { ...task, signal: limit.signal }
  const refuse = async (error: unknown, deferred: readonly Deferral[]): Promise<Performance> => {
    const refusing = { ...task, verb: { ...task.verb, run: () => Promise.reject(error) } }
    return { result: (await runStep(parts, refusing)).result, deferred }
  }
  let within: RunParts
  try {
    within = partsOf(parts, inTime, recipe)
  } catch (error) {
    return refuse(error, [])
  }
  const names = [...parts.urlNames]
  const { result, deferred } = await runSteps(within, inTime, recipe, perform)
  try {
    giveBack(recipe, within, parts)
  } catch (error) {
    if (result.status === 'passed') return refuse(error, deferred)
  } finally {
    // `$endpoint` in curl lines is that of the including recipe again.
    const given = new Set(recipe.gives.map((name) => name.replaceAll('-', '_')))
    const known = parts.urlNames.filter(({ variable }) => given.has(variable))
    const kept = names.filter(({ variable }) => !known.some((name) => name.variable === variable))
    parts.urlNames.splice(0, parts.urlNames.length, ...kept, ...known)
  }
  return { result, deferred }
}

function partsOf(parts: RunParts, { verb, step, signal }: Task, recipe: Recipe): RunParts {
  const context = createStepContext(parts, step, signal, () => {})
  const given = verb.includes?.(step.input).with ?? {}
  const rendered = context.render(given, ['with']) as Readonly<Record<string, Json>>
  const inputs = inputsOf(recipe, { given: rendered, folder: parts.directory }, step)
  const environment = parts.values.get('env') as Readonly<Record<string, string | undefined>>
  learnRecipe(recipe, inputs, environment, parts.masker)
  return {
    ...parts,
    directory: recipe.directory,
    files: permissionWithin(parts.files, recipe, inputs),
    values: includedValues(parts.values, inputs),
    referenced: referencedSteps(recipe.reads),
    read: new Set([...parts.read, ...recipe.reads.map(({ path: [name] }) => String(name))]),
  }
}

// The place of a value that does not fit is where it was given.
function inputsOf(
  recipe: Recipe,
  { given, folder }: { readonly given: Readonly<Record<string, Json>>; readonly folder: string },
  step: RecipeStep,
): Readonly<Record<string, Json>> {
  try {
    return resolveInputs(recipe, { ...fromInclude(given), folder })
  } catch (error) {
    if (!(error instanceof OsrunError)) throw error
    const input = recipe.inputs.find(({ at }) => at === error.at)
    const at =
      input !== undefined && Object.hasOwn(given, input.name) ? step.locate(['with', input.name]) : step.at
    throw new OsrunError(error.code, error.message, { at, hint: error.hint, cause: error })
  }
}

async function runSteps(
  within: RunParts,
  { step, phase, signal }: Task,
  recipe: Recipe,
  perform: Perform,
): Promise<Performance> {
  const deferred: Deferral[] = []
  let last: StepResult = { status: 'passed' }
  for (const own of recipe.steps) {
    const inner = { ...under(step.id, own), allowFailure: own.allowFailure || step.allowFailure }
    const task = taskOf(inner, within.verbs, phase, signal)
    if (last.status !== 'passed') {
      skipStep(within, task, skipReasons.failedBefore)
      continue
    }
    const performance = await perform(within, task)
    deferred.push(...performance.deferred)
    const { result } = performance
    if ('problem' in result && (!own.allowFailure || signal.aborted)) last = result
  }
  return { result: last, deferred }
}

// Within its recipe a step is still read by its own id.
function under(id: string, step: RecipeStep): RecipeStep {
  const defer = step.defer.map((inner) => under(id, inner))
  return { ...step, id: `${id}.${step.id}`, roundOf: step.id, defer }
}

function giveBack(recipe: Recipe, within: RunParts, parts: RunParts): void {
  const { get, lookup } = within.values
  if (recipe.outputs.length > 0) {
    for (const { name, value, locate } of recipe.outputs) {
      // An endpoint that is named keeps its fields.
      const own = value === `\${${name}}` ? get(name) : undefined
      parts.values.set(name, own ?? renderJson(value, lookup, locate))
    }
    return
  }
  for (const name of recipe.gives) {
    const value = within.values.get(name)
    if (value !== undefined) parts.values.set(name, value)
  }
}
