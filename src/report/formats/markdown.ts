import type { Problem, SourcedProblem } from '../../model/problem.ts'
import type { Reporter } from '../../model/reporter.ts'
import { visible } from '../../util/text/visible.ts'
import { placeOf, runFailures, suiteFailures } from '../failures.ts'
import type { RunRecord, StepRecord, SuiteRecord } from '../run-records.ts'
import { collectSuite } from '../run-records.ts'
import { placeText } from '../text/problem-text.ts'
import { slowestSteps } from '../text/slowest-steps.ts'
import { countRuns, stepsText } from '../text/summary-text.ts'
import { whereText } from '../text/where-text.ts'

/** A summary for a CI job's page: verdicts, failures with their curl, the slowest steps. GitHub's Markdown. */
export const markdownReporter: Reporter = async (events, output) => {
  const suite = await collectSuite(events)
  const { runs } = suite
  const notBegun = suite.result?.notBegun.length ?? 0
  const failed = runs.filter(({ result }) => result?.exit !== 0)
  const { passed, skipped } = countRuns(runs.map(({ result }) => result))
  const sections = [
    `## osrun: ${passed} of ${runs.length + notBegun} recipes passed${skipped > 0 ? `, ${skipped} skipped` : ''}${notBegun > 0 ? `, ${notBegun} not begun` : ''}`,
    table(suite),
    ...failed.map(failure),
    failureOfAll(suite),
    slowSteps(runs),
  ]
  output.write(`${sections.filter((section) => section !== '').join('\n\n')}\n`)
}

function table({ runs, result: all }: SuiteRecord): string {
  const rows = runs.map((run) => {
    const { recipe, file, result } = run
    const cells = [
      result?.exit !== 0 ? '❌' : result.skipped === undefined ? '✅' : '➖',
      `${escaped(recipe)}${result?.skipped === undefined ? '' : `, skipped: ${escaped(result.skipped)}`}`,
      code(file),
      escaped(whereText(run)),
      result === undefined ? '0 of 0' : stepsText(result.steps),
      seconds(result?.duration ?? 0),
    ]
    return `| ${cells.join(' | ')} |`
  })
  const notBegun = (all?.notBegun ?? []).map(
    ({ recipe, file, reason }) =>
      `| ➖ | ${escaped(recipe)}, not begun: ${escaped(reason)} | ${code(file)} | | | |`,
  )
  return [
    '| | recipe | file | cloud | steps | time |',
    '|---|---|---|---|---|---|',
    ...rows,
    ...notBegun,
  ].join('\n')
}

function failure(run: RunRecord): string {
  const { ofSteps, others } = runFailures(run)
  return [
    `### ${escaped(run.recipe)}`,
    ...[...ofSteps].map(([step, problem]) => stepFailure(step, problem)),
    ...others.map(problemText),
  ].join('\n\n')
}

function failureOfAll(suite: SuiteRecord): string {
  const problems = suiteFailures(suite).map(problemText)
  return problems.length === 0 ? '' : [`### ${escaped(placeOf.suite)}`, ...problems].join('\n\n')
}

function problemText(problem: SourcedProblem): string {
  return [headline(placeOf[problem.from], problem), ...hintOf(problem)].join('\n\n')
}

function headline(title: string, { at, code: word, message }: Problem): string {
  const place = at === undefined ? '' : ` at ${code(placeText(at))}`
  return `**${escaped(title)}**${place}: ${code(word)} ${escaped(message)}`
}

function hintOf({ hint }: Problem): readonly string[] {
  return hint === undefined ? [] : [`Try: ${escaped(hint)}`]
}

function stepFailure({ title, result, exchanges }: StepRecord, problem: SourcedProblem): string {
  const lines = [headline(title, problem)]
  if (result.status === 'failed' && result.mismatches.length > 0)
    lines.push(
      [
        '| | expected | found |',
        '|---|---|---|',
        ...result.mismatches.map(
          ({ subject, expected, found }) => `| ${code(subject)} | ${code(expected)} | ${code(found)} |`,
        ),
      ].join('\n'),
    )
  const last = exchanges.at(-1)
  if (last !== undefined) {
    const { status, requestId, cloudMessage } = last.exchange
    if (status !== undefined)
      lines.push(
        `Answered ${status}${requestId === undefined ? '' : `, request id ${code(requestId)}`}${cloudMessage === undefined ? '.' : `: ${escaped(cloudMessage)}`}`,
      )
    lines.push(fenced(last.curl))
  }
  return [...lines, ...hintOf(problem)].join('\n\n')
}

function slowSteps(runs: readonly RunRecord[]): string {
  const steps = slowestSteps(
    runs.flatMap(({ recipe, steps: own }) => own.map(({ title, duration }) => ({ recipe, title, duration }))),
  )
  if (steps.length === 0) return ''
  const rows = steps.map(
    ({ recipe, title, duration }) => `| ${seconds(duration)} | ${escaped(title)} | ${escaped(recipe)} |`,
  )
  return [
    '<details><summary>The slowest steps</summary>',
    ['| time | step | recipe |', '|---|---|---|', ...rows].join('\n'),
    '</details>',
  ].join('\n\n')
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`
}

// Characters that would begin markup, a link, a mention or a cell.
function escaped(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_{}[\]()#+!|~@]/g, '\\$&')
}

function code(text: string): string {
  const shown = visible(text).replaceAll('|', '\\|')
  const fence = '`'.repeat(longestTicks(shown) + 1)
  return shown.includes('`') ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`
}

function fenced(text: string): string {
  const shown = visible(text)
  const fence = '`'.repeat(Math.max(3, longestTicks(shown) + 1))
  return `${fence}sh\n${shown}\n${fence}`
}

function longestTicks(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length))
}
