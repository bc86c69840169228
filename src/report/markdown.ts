import type { Reporter } from '../model/reporter.ts'
import { visible } from '../util/visible.ts'
import { placeText } from './problem-text.ts'
import type { RunRecord, StepRecord } from './run-records.ts'
import { collectRuns } from './run-records.ts'
import { slowestSteps } from './slowest-steps.ts'
import { countRuns, stepsText } from './summary-text.ts'

/** A summary for a CI job's page: verdicts, failures with their curl, the slowest steps. GitHub's Markdown. */
export const markdownReporter: Reporter = async (events, output) => {
  const runs = await collectRuns(events)
  const failed = runs.filter(({ result }) => result?.exit !== 0)
  const { passed, skipped } = countRuns(runs.map(({ result }) => result))
  const sections = [
    `## osrun: ${passed} of ${runs.length} recipes passed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    table(runs),
    ...failed.map(failure),
    slowSteps(runs),
  ]
  output.write(`${sections.filter((section) => section !== '').join('\n\n')}\n`)
}

function table(runs: readonly RunRecord[]): string {
  const rows = runs.map(({ recipe, file, cloud, result }) => {
    const cells = [
      result?.exit !== 0 ? '❌' : result.skipped === undefined ? '✅' : '➖',
      `${escaped(recipe)}${result?.skipped === undefined ? '' : `, skipped: ${escaped(result.skipped)}`}`,
      code(file),
      escaped(cloud),
      result === undefined ? '0 of 0' : stepsText(result.steps),
      seconds(result?.duration ?? 0),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return ['| | recipe | file | cloud | steps | time |', '|---|---|---|---|---|---|', ...rows].join('\n')
}

function failure(run: RunRecord): string {
  const steps = run.steps.filter(({ result, allowedFailure }) => 'problem' in result && !allowedFailure)
  const leftovers = (run.result?.leftovers ?? []).map(({ message }) => `- ${escaped(message)}`)
  return [
    `### ${escaped(run.recipe)}`,
    ...steps.map(stepFailure),
    ...(leftovers.length > 0 ? [leftovers.join('\n')] : []),
  ].join('\n\n')
}

function stepFailure({ title, result, exchanges }: StepRecord): string {
  if (result.status === 'passed' || result.status === 'skipped') return ''
  const { problem } = result
  const place = problem.at === undefined ? '' : ` at ${code(placeText(problem.at))}`
  const lines = [`**${escaped(title)}**${place}: ${escaped(problem.message)}`]
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
  if (problem.hint !== undefined) lines.push(`Try: ${escaped(problem.hint)}`)
  return lines.join('\n\n')
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
