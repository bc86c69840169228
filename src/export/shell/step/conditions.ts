import type { Cloud } from '../../../model/cloud.ts'
import type { Json, RecipeStep } from '../../../model/recipe.ts'
import { quoteProgram, quoteText } from '../values/words.ts'
import type { StepWriting } from '../writing.ts'
import { comparisonsOf } from './comparisons.ts'
import { serviceTypes } from './service-types.ts'

/**
 * Writes what a step with `when` does only where that holds, else it tells why not. `open` starts the writing of lines;
 * `body` are the lines of the step. Services are looked at first, then each path of the context.
 */
export function writeWhen(
  step: RecipeStep,
  cloud: Cloud,
  open: (lines: string[]) => StepWriting,
  body: readonly string[],
): readonly string[] {
  if (step.when === undefined) return body
  const { when } = step
  const { service, ...context } = when.value as { readonly [key: string]: Json }
  let inner = body
  if (Object.keys(context).length > 0) {
    const lines: string[] = []
    const writing = open(lines)
    writing.need('applies', 'jq_unmet')
    const condition: RecipeStep = {
      ...step,
      input: { context },
      // What is compared stands one level higher than in an assertion.
      locate: ([first, ...rest]) => when.locate(first === 'context' ? rest : [first ?? '', ...rest]),
    }
    const program = `\nfirst(${comparisonsOf(condition, 'unmet', writing).join(',\n')})`
    writing.must(
      `_unmet=$(${writing.environment()}jq -nr "$jq_definitions$jq_unmet"${quoteProgram(program)}) || fail 3 'The condition of the step cannot be judged.'`,
    )
    inner = [...lines, ...onlyIf(inner)]
  }
  if (service === undefined) return inner
  const lines: string[] = []
  const writing = open(lines)
  writing.need('applies', 'no_service')
  if (!writing.parts.certain.has('token')) writing.parts.unset.add('token')
  const types = Object.fromEntries(
    [service]
      .flat()
      .map((one) => [String(one), serviceTypes(String(one), cloud, when.locate(['service'])).types]),
  )
  writing.must(`_unmet=$(no_service ${quoteText(JSON.stringify(types))})`)
  return [...lines, ...onlyIf(inner)]
}

function onlyIf(body: readonly string[]): readonly string[] {
  return ['if applies "$_unmet"; then', ...indented(body), 'fi']
}

/** Lines within a block; a text of several lines stays as it is. */
export function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`)
}
