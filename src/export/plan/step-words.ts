import type { Json, RecipeStep, RetryPolicy } from '../../model/recipe.ts'
import { cut } from '../../recipe/describe.ts'
import { jsonText } from '../../util/parse-json.ts'
import { assertionWords, either, expectationWords } from './expectation-words.ts'

/** What the keys of a step say of whether, how often and how long it runs; `titleOf` names the steps that it defers. */
export function stepWords(step: RecipeStep, titleOf: (step: RecipeStep) => string): readonly string[] {
  const { when, forEach, where, keepGoing, polling, retry, timeout, allowFailure, defer } = step
  return [
    ...(when === undefined ? [] : [`only when ${whenWords(when.value)}`]),
    ...(forEach === undefined
      ? []
      : [
          `once for each item of ${itemsWords(forEach.value)}${where === undefined ? '' : ` whose ${whenWords(where.value)}`}${keepGoing ? ', also after one that did not pass' : ''}`,
        ]),
    ...(polling === undefined
      ? []
      : [
          `again every ${durationWords(polling.every)} until ${allWords(polling.until.value)}`,
          ...(polling.failIf === undefined ? [] : [`fails at once when ${allWords(polling.failIf.value)}`]),
        ]),
    ...(retry === undefined ? [] : retryWords(retry)),
    ...(timeout === undefined
      ? []
      : [`for at most ${durationWords(timeout)}${forEach === undefined ? '' : ' each time'}`]),
    ...(allowFailure ? ['may fail: the run goes on'] : []),
    ...defer.map((deferred) => `defers to the end: ${titleOf(deferred)}`),
  ]
}

function whenWords(when: Json): string {
  return Object.entries(when as { readonly [key: string]: Json })
    .map(([name, value]) =>
      name === 'service'
        ? `the catalog has ${[value].flat().map(String).join(' and ')}`
        : `${name} is ${expectationWords(value)}`,
    )
    .join(', and ')
}

function itemsWords(items: Json): string {
  return typeof items === 'string' ? items : cut(jsonText(items))
}

function allWords(assertion: Json): string {
  return assertionWords(assertion)
    .map(({ subject, expected }) => `${subject} is ${expected}`)
    .join(', and ')
}

function retryWords({ times, on, methods, delay, maxDelay }: RetryPolicy): readonly string[] {
  const troubles = either(on.map((trouble) => (trouble === 'connection' ? 'no answer' : String(trouble))))
  const left = ['POST', 'PATCH'].filter((method) => !methods.includes(method))
  const which =
    methods.length + left.length < 8
      ? `a ${either(methods)} is sent again`
      : `${left.length === 0 ? 'a request' : `a request but ${either(left)}`} is sent again`
  return [
    `${which} up to ${times} time${times === 1 ? '' : 's'} after ${troubles}`,
    `waits up to ${durationWords(delay)} before that, doubled each time, ${durationWords(maxDelay)} at most`,
  ]
}

function durationWords(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`
  if (milliseconds < 60_000 || milliseconds % 60_000 !== 0) return `${milliseconds / 1000} s`
  return `${milliseconds / 60_000} min`
}
