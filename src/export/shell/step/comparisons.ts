import type { DataPath, Json, RecipeStep } from '../../../model/recipe.ts'
import { parseDataPath } from '../../../util/data-path.ts'
import { parseDuration } from '../../../util/duration.ts'
import { cannotExport } from '../../cannot-export.ts'
import { jqText, toJqExpectation } from '../../jq/expectation.ts'
import { toJqQuery } from '../../jq/json-path.ts'
import { renderSymbolically } from '../../symbolic-step.ts'
import { quoteProgram } from '../values/words.ts'
import type { StepWriting } from '../writing.ts'

/** The jq function that words a difference: as one of an assertion, as the reason to skip a step, or as what must not come. */
export type Wording = 'compare' | 'unmet' | 'anything_but'

/** Writes what leaves the differences between an answer and an assertion, the input of the step, in a file for `differences`. */
export function writeComparison(
  assertion: RecipeStep,
  wording: 'compare' | 'anything_but',
  writing: StepWriting,
): void {
  const input = assertion.input as Input
  const comparisons = comparisonsOf(assertion, 'compare', writing)
  const all =
    wording === 'compare'
      ? comparisons
      : [
          `. as $answer | [${comparisons.join(', ')}] | select(. == []) | $answer | (${comparisonsOf(assertion, wording, writing).join(',\n')})`,
        ]
  const needsAnswer = Object.keys(input).some((key) => key !== 'context' && key !== 'of')
  const file = input.of === undefined ? 'response' : `step-${String(input.of)}`
  if (
    needsAnswer &&
    !writing.parts.certain.has(input.of === undefined ? 'response' : `steps.${String(input.of)}`)
  )
    writing.parts.unset.add(file)
  if (wording === 'anything_but') writing.need('jq_anything_but')
  writing.need('differences')
  if (['body', 'json', 'schema'].some((key) => input[key] !== undefined)) {
    writing.need('kept')
    writing.must(`kept "$work/${file}.json"`)
  }
  const definitions = wording === 'compare' ? '"$jq_definitions"' : '"$jq_definitions$jq_anything_but"'
  const program = `\n${wording === 'compare' ? all.join(',\n') : `(${all.join('')})`},\n"compared"`
  writing.line(
    `${writing.environment()}jq -r${needsAnswer ? '' : 'n'} ${definitions}${quoteProgram(program)}${needsAnswer ? ` "$work/${file}.json"` : ''} >"$work/differences"`,
  )
}

/** The comparisons of an assertion, the input of the step: jq expressions that give the differences of an answer in words. */
export function comparisonsOf(
  assertion: RecipeStep,
  wording: Wording,
  writing: StepWriting,
): readonly string[] {
  const input = assertion.input as Input
  const look: Look = { step: assertion, wording, writing }
  return [...ofAnswer(input, look), ...ofContext(input, look)]
}

type Look = { readonly step: RecipeStep; readonly wording: Wording; readonly writing: StepWriting }

type Input = { readonly [key: string]: Json }

function ofAnswer(input: Input, look: Look): readonly string[] {
  const { step, wording } = look
  const compare = (subject: string, path: DataPath, nodes: string, expected: Json): string =>
    comparison({ subject, path, nodes, expected }, look)
  const members = (key: string): readonly (readonly [string, Json])[] =>
    Object.entries((input[key] ?? {}) as Input)
  const comparisons = ['status', 'size', 'md5', 'sha256', 'body'].flatMap((key) =>
    input[key] === undefined
      ? []
      : [compare(key, [key], key === 'body' ? '(select(has("body")) | .body)' : `.${key}`, input[key])],
  )
  if (input.schema !== undefined)
    comparisons.push(compare('$', ['schema'], '(select(has("json")) | .json)', input.schema))
  for (const [name, expected] of members('headers')) {
    const nodes = `(.headers[${jqText(name.toLowerCase())}] | values)`
    comparisons.push(compare(`headers.${name}`, ['headers', name], nodes, expected))
  }
  for (const [query, expected] of members('json')) {
    const { singular, filter } = toJqQuery(query, step.locate(['json', query]))
    const nodes = `select(has("json")) | .json | ${filter}`
    comparisons.push(compare(query, ['json', query], singular ? `(${nodes})` : `[${nodes}]`, expected))
  }
  if (input.duration !== undefined) {
    const most = parseDuration(String(input.duration))
    if (most === undefined)
      throw cannotExport('A duration that is not written out', step.locate(['duration']))
    comparisons.push(
      wording === 'anything_but'
        ? `anything_but("duration"; .duration; "at most ${most} ms")`
        : `(select(.duration > ${most}) | "duration: expected at most ${most} ms, found \\(.duration | floor) ms")`,
    )
  }
  return comparisons
}

function ofContext(input: Input, look: Look): readonly string[] {
  return Object.entries((input.context ?? {}) as Input).map(([name, expected]) => {
    const at = look.step.locate(['context', name])
    const nodes = look.writing.optional(parseDataPath(name) ?? [name], at)
    return comparison({ subject: name, path: ['context', name], nodes, expected }, look)
  })
}

/** What is compared with what. */
type Comparison = {
  readonly subject: string
  readonly path: DataPath
  /** What gives the values in jq. */
  readonly nodes: string
  readonly expected: Json
}

function comparison(
  { subject, path, nodes, expected }: Comparison,
  { step, wording, writing }: Look,
): string {
  const rendered = renderSymbolically(expected, step, writing.parts.placeholders, path)
  if (wording === 'anything_but') return `anything_but(${jqText(subject)}; ${nodes}; ${writing.jq(rendered)})`
  const { absent, differences } = toJqExpectation(rendered, writing.jq, writing.isSymbolic, step.locate(path))
  return `${wording}(${jqText(subject)}; ${nodes}; ${absent}; ${differences})`
}
