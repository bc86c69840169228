import type { Capture } from '../../model/recipe.ts'
import { jqText } from '../jq/expectation.ts'
import { toJqQuery } from '../jq/json-path.ts'
import { toJqPattern } from '../jq/pattern.ts'
import { variableOf } from './names.ts'
import type { StepWriting } from './step-writing.ts'
import { quoteText } from './words.ts'

/** Writes what a step takes out of its answer. */
export function writeCaptures(writing: StepWriting): void {
  for (const capture of writing.step.captures) {
    writing.need('capture')
    const where = capture.pattern === undefined ? capture.from : `${capture.from} with ${capture.pattern}`
    writing.must(`capture ${variableOf(capture.name)} ${quoteText(where)} ${quoteText(filterOf(capture))}`)
  }
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
