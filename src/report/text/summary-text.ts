import type { RunResult, SuiteResult } from '../../model/event.ts'
import { visible } from '../../util/text/visible.ts'
import type { Paint } from './paint.ts'
import { problemText } from './problem-text.ts'
import type { TimedStep } from './slowest-steps.ts'

/** How many of a recipe's steps passed; those that clean up are none of them. */
export function stepsText({ passed, failed, errored, skipped }: RunResult['steps']): string {
  return `${passed} of ${passed + failed + errored + skipped}`
}

/** What a run did, in half a line: steps, requests, tokens. */
export function runSummary({ steps, requests, tokens }: RunResult): string {
  const parts = [
    `${stepsText(steps)} steps`,
    ...(steps.skipped > 0 ? [`${steps.skipped} skipped`] : []),
    count(requests, 'request'),
  ]
  if (tokens.made > 0) parts.push(tokensText(tokens))
  return parts.join(', ')
}

/** How many of the runs passed, were skipped or interrupted, or failed, as one without a result did. */
export function countRuns(results: readonly (RunResult | undefined)[]): {
  readonly passed: number
  readonly skipped: number
  readonly interrupted: number
  readonly failed: number
} {
  const interrupted = results.filter((result) => result?.status === 'interrupted').length
  const failed = results.filter((result) => result?.exit !== 0).length - interrupted
  const skipped = results.filter((result) => result?.skipped !== undefined).length
  return { passed: results.length - failed - interrupted - skipped, skipped, interrupted, failed }
}

/** What several runs did together, and how many did not pass; nothing for a single one. */
export function suiteText(suite: SuiteResult, paint: Paint, width: number): string {
  const { results, tokens, leftovers } = suite
  const notBegun = suite.notBegun.length
  const problems = suite.problem === undefined ? leftovers : [suite.problem, ...leftovers]
  const lines = problems.map((problem) => problemText(problem, { color: paint.isColored, width }))
  if (results.length + notBegun > 1) {
    const { passed, skipped, interrupted, failed } = countRuns(results)
    const parts = [
      count(results.length, 'recipe'),
      `${passed} passed`,
      ...(skipped > 0 ? [`${skipped} skipped`] : []),
      `${failed} failed`,
      ...(interrupted > 0 ? [`${interrupted} interrupted`] : []),
    ]
    if (notBegun > 0) parts.push(`${notBegun} not run`)
    const text = parts.join(', ')
    const made = tokens.made > 0 ? `; ${tokensText(tokens)}` : ''
    lines.push(
      `${failed + interrupted + notBegun > 0 ? paint.red(text) : paint.green(text)}${paint.dim(`${made}; ${(suite.duration / 1000).toFixed(1)} s`)}`,
    )
  }
  return lines.map((line) => `${line}\n`).join('')
}

/** The slowest steps, a line for each with its time first; nothing for none. */
export function slowText(steps: readonly TimedStep[], paint: Paint, width: number): string {
  if (steps.length === 0) return ''
  const times = steps.map(({ duration }) => `${Math.round(duration)} ms`)
  const column = Math.max(...times.map((time) => time.length))
  const lines = steps.map(({ title, recipe }, index) => {
    const text = `  ${(times[index] ?? '').padStart(column)}  ${visible(title)}, ${visible(recipe)}`
    return paint.dim(text.length > width ? `${text.slice(0, width - 1)}…` : text)
  })
  return `${['the slowest steps:', ...lines].join('\n')}\n`
}

function tokensText({ made, revoked, kept }: RunResult['tokens']): string {
  return `${count(made, 'token')} made, ${revoked} revoked${kept > 0 ? `, ${kept} kept` : ''}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
