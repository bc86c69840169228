import type { Reporter } from '../model/reporter.ts'
import { visible } from '../util/visible.ts'
import { placeText } from './problem-text.ts'
import type { RunRecord, StepRecord } from './run-records.ts'
import { collectRuns } from './run-records.ts'

/** TAP 14: a subtest for each run, a test for each step. https://testanything.org/tap-version-14-specification.html */
export const tapReporter: Reporter = async (events, output) => {
  const runs = await collectRuns(events)
  output.write(`TAP version 14\n1..${runs.length}\n`)
  output.write(runs.map((run, index) => subtest(run, index + 1)).join(''))
}

function subtest(run: RunRecord, number: number): string {
  const leftovers = (run.result?.leftovers ?? []).map(({ message }) => ({ title: 'cleaning up', message }))
  const tests = [
    ...run.steps.map((step, index) => stepLines(step, index + 1)),
    ...leftovers.map(({ title, message }, index) => [
      `not ok ${run.steps.length + index + 1} - ${title}`,
      ...diagnostic({ message }),
    ]),
  ]
  const ok = run.result?.exit === 0 ? 'ok' : 'not ok'
  const lines = [`1..${tests.length}`, ...tests.flat()].map((line) => `    ${line}`)
  const skipped = run.result?.skipped
  const about =
    skipped === undefined ? `# time=${Math.round(run.result?.duration ?? 0)}ms` : `# SKIP ${escaped(skipped)}`
  return [`# Subtest: ${escaped(run.recipe)}`, ...lines, `${ok} ${number} - ${escaped(run.recipe)} ${about}`]
    .map((line) => `${line}\n`)
    .join('')
}

function stepLines(
  { id, title, result, allowedFailure, duration }: StepRecord,
  number: number,
): readonly string[] {
  const name = `${number} - ${escaped(`${id}: ${title}`)}`
  if (result.status === 'skipped') return [`ok ${name} # SKIP ${escaped(result.reason)}`]
  if (result.status === 'passed') return [`ok ${name} # time=${Math.round(duration)}ms`]
  const { message, code, at, hint } = result.problem
  const details = {
    message,
    severity: result.status === 'failed' ? 'fail' : 'error',
    code,
    ...(at && { at: placeText(at) }),
    ...(result.status === 'failed' && {
      mismatches: result.mismatches.map(({ subject, expected, found }) => ({ subject, expected, found })),
    }),
    ...(hint !== undefined && { hint }),
  }
  return [`not ok ${name}${allowedFailure ? ' # TODO may fail' : ''}`, ...diagnostic(details)]
}

// JSON is YAML, and needs no quoting rules of its own.
function diagnostic(details: Readonly<Record<string, unknown>>): readonly string[] {
  return [
    '  ---',
    ...Object.entries(details).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
    '  ...',
  ]
}

function escaped(text: string): string {
  return visible(text).replace(/[\\#]/g, '\\$&')
}
