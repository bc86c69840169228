import type { Capture, RecipeStep } from '../../../model/recipe.ts'
import { jqText } from '../../jq/expectation.ts'
import { toJqQuery } from '../../jq/json-path.ts'
import { toJqPattern } from '../../jq/pattern.ts'
import { variableOf } from '../values/variable-names.ts'
import { quoteText } from '../values/words.ts'
import type { StepWriting } from '../writing.ts'

/** The statements that take out of its answer what a step captures. */
export function captureCalls({ step, need }: StepWriting): readonly string[] {
  if (step.captures.length > 0) need('capture')
  return step.captures.map((capture) => {
    const { name, from, pattern } = capture
    const where = pattern === undefined ? from : `${from} with ${pattern}`
    return `capture ${variableOf(name)} ${quoteText(where)} ${quoteText(filterOf(capture))}`
  })
}

/** Whether a step captures what it can also from an unexpected answer, since what it defers may need it by name. */
export function hasSalvage({ traits, captures, defer }: RecipeStep): boolean {
  return traits.sendsRequest === true && captures.length > 0 && defer.length > 0
}

function filterOf({ from, pattern, at }: Capture): string {
  const source = sourceOf(from, at)
  if (pattern === undefined) return source
  const regex = jqText(toJqPattern(pattern, at))
  return `${source} | if type == "string" then . else tojson end | match(${regex}) | (.captures[0].string // .string)`
}

function sourceOf(from: string, at: Capture['at']): string {
  if (from === 'status') return '.status'
  if (from === 'body') return 'select(has("body")) | .body'
  if (from.startsWith('headers.'))
    return `.headers[${jqText(from.slice('headers.'.length).toLowerCase())}] | values`
  const { singular, filter } = toJqQuery(from, at)
  const nodes = `select(has("json")) | .json | ${filter}`
  return singular ? nodes : `[${nodes}] | select(. != [])`
}
