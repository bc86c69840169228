import type { DataPath, Json } from '../../../model/recipe.ts'
import { parseDataPath } from '../../../util/data-path.ts'
import { parseDuration } from '../../../util/duration.ts'
import { cannotExport } from '../../cannot-export.ts'
import { jqText, toJqExpectation } from '../../jq/expectation.ts'
import { toJqQuery } from '../../jq/json-path.ts'
import type { ShellVerb, VerbWriting } from '../shell-verb.ts'
import { quoteProgram } from '../words.ts'

/** A comparison in jq, which tells every difference. */
export const assert: ShellVerb = {
  write(writing) {
    const input = writing.step.input as { readonly [key: string]: Json }
    const comparisons = [...ofAnswer(input, writing), ...ofContext(input, writing)]
    const file = input.of === undefined ? 'response' : `step-${String(input.of)}`
    const needsAnswer = Object.keys(input).some((key) => key !== 'context' && key !== 'of')
    writing.need('differences')
    writing.must(
      `${writing.environment()}jq -r${needsAnswer ? '' : 'n'} "$jq_definitions"${quoteProgram(`\n${[...comparisons, '"compared"'].join(',\n')}`)}${needsAnswer ? ` "$work/${file}.json"` : ''} >"$work/differences"`,
    )
    writing.must('differences')
  },
}

type Input = { readonly [key: string]: Json }

function ofAnswer(input: Input, writing: VerbWriting): readonly string[] {
  const { step } = writing
  const compare = (subject: string, path: DataPath, nodes: string, expected: Json): string =>
    comparison(subject, nodes, expected, path, writing)
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
      `(select(.duration > ${most}) | "duration: expected at most ${most} ms, found \\(.duration | floor) ms")`,
    )
  }
  return comparisons
}

function ofContext(input: Input, writing: VerbWriting): readonly string[] {
  return Object.entries((input.context ?? {}) as Input).map(([name, expected]) => {
    const at = writing.step.locate(['context', name])
    return comparison(
      name,
      writing.optional(parseDataPath(name) ?? [name], at),
      expected,
      ['context', name],
      writing,
    )
  })
}

function comparison(
  subject: string,
  nodes: string,
  expected: Json,
  path: DataPath,
  writing: VerbWriting,
): string {
  const rendered = writing.render(expected, path)
  const { absent, differences } = toJqExpectation(
    rendered,
    writing.jq,
    writing.isSymbolic,
    writing.step.locate(path),
  )
  return `compare(${jqText(subject)}; ${nodes}; ${absent}; ${differences})`
}
