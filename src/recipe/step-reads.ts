import type { Json, RecipeStep } from '../model/recipe.ts'
import type { Verb } from '../model/step.ts'
import { type DataPath, parseDataPath } from '../util/data-path.ts'
import { variableOf } from '../util/environment-name.ts'
import { assertionReads } from './assertion.ts'
import { readsOf, readTemplate } from './template.ts'

/** A read of a step: where it leads, and whether the step can do without. */
export type StepRead = { readonly path: DataPath; readonly optional: boolean }

/** Verbs that send a token, where there is one, without naming it. */
const tokenSenders = new Set(['request', 'include', 'sign'])

/** What a step reads of names that steps before it set; what its own deferred steps read of it is not among that. */
export function readsOfStep(step: RecipeStep, verbs: readonly Verb[]): readonly StepRead[] {
  const verb = verbs.find((one) => one.verb === step.verb)
  const { polling } = step
  const when = step.when?.value
  const names = [
    ...(verb?.reads?.(step.input) ?? []).map(({ name }) => name),
    ...[polling?.until, polling?.failIf].flatMap((key) =>
      key === undefined ? [] : assertionReads(key.value).map(({ name }) => name),
    ),
    ...keysOf(when).map((name) => (name === 'service' ? 'catalog' : name)),
  ]
  const templates = [step.forEach?.value, when, polling?.until.value, polling?.failIf?.value].flatMap(
    (value) => (value === undefined ? [] : templateReads(value)),
  )
  const own = setBy(step, verbs)
  return [
    ...(tokenSenders.has(step.verb) ? [{ path: ['token'], optional: true }] : []),
    ...names.map((name) => ({ path: parseDataPath(name) ?? [name], optional: false })),
    ...(verb?.isPlain === true ? shellReads(String(scriptOf(step.input))) : templateReads(step.input)),
    ...templates,
    ...step.defer
      .flatMap((inner) => readsOfStep(inner, verbs))
      .filter(({ path }) => !own.has(String(path[0])) && !(path[0] === 'steps' && path[1] === step.id)),
  ]
}

/** The names that a step sets: its verb's, its captures, and what a recipe gives that it includes. */
export function setBy(step: RecipeStep, verbs: readonly Verb[]): ReadonlySet<string> {
  const verb = verbs.find((one) => one.verb === step.verb)
  return new Set([
    ...(verb?.sets(step.input) ?? []),
    ...step.captures.map(({ name }) => name),
    ...(step.included?.gives ?? []),
  ])
}

/** The reads of every template in a value. */
export function templateReads(value: Json): readonly StepRead[] {
  if (typeof value === 'string')
    return [...readsOf(readTemplate(value).template)].map(({ path, fallback }) => ({
      path,
      optional: fallback !== undefined,
    }))
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(templateReads) : []
}

// A script speaks of $name; who knows which of its variables are its own.
function shellReads(script: string): readonly StepRead[] {
  return [...script.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => ({
    path: [variableOf(name)],
    optional: true,
  }))
}

function scriptOf(input: Json): Json {
  return typeof input === 'string' ? input : JSON.stringify(input)
}

function keysOf(value: Json | undefined): readonly string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
}
