import type { RunResult, SuiteResult } from '../model/event.ts'
import type { Paint } from './paint.ts'
import { problemText } from './problem-text.ts'

/** What a run did, in half a line: steps, requests, tokens. */
export function runSummary({ steps, requests, tokens }: RunResult): string {
  const parts = [
    `${steps.passed} of ${steps.passed + steps.failed + steps.errored + steps.skipped} steps`,
    ...(steps.skipped > 0 ? [`${steps.skipped} skipped`] : []),
    count(requests, 'request'),
  ]
  if (tokens.made > 0) parts.push(tokensText(tokens))
  return parts.join(', ')
}

/** What several runs did together, and which of them did not pass; nothing for a single one. */
export function suiteText(suite: SuiteResult, paint: Paint, width: number): string {
  const { results, notRun, tokens, leftovers } = suite
  const problems = suite.problem === undefined ? leftovers : [suite.problem, ...leftovers]
  const lines = problems.map((problem) => problemText(problem, { color: paint.isColored, width }))
  if (results.length + notRun > 1) {
    const failed = results.filter(({ exit }) => exit !== 0)
    const parts = [
      count(results.length, 'recipe'),
      `${results.length - failed.length} passed`,
      `${failed.length} failed`,
    ]
    if (notRun > 0) parts.push(`${notRun} not run`)
    const text = parts.join(', ')
    const made = tokens.made > 0 ? `; ${tokensText(tokens)}` : ''
    lines.push(
      `${failed.length + notRun > 0 ? paint.red(text) : paint.green(text)}${paint.dim(`${made}; ${(suite.duration / 1000).toFixed(1)} s`)}`,
    )
  }
  return lines.map((line) => `${line}\n`).join('')
}

function tokensText({ made, revoked, kept }: RunResult['tokens']): string {
  return `${count(made, 'token')} made, ${revoked} revoked${kept > 0 ? `, ${kept} kept` : ''}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
