import type { Problem, SourcedProblem } from '../../model/problem.ts'
import type { Reporter } from '../../model/reporter.ts'
import { visible } from '../../util/text/visible.ts'
import { isUnexpected, placeOf, runFailures, suiteFailures } from '../failures.ts'
import type { RunRecord, StepRecord } from '../run-records.ts'
import { collectSuite } from '../run-records.ts'
import { placeText } from '../text/problem-text.ts'
import { whereText } from '../text/where-text.ts'

/**
 * TAP 14: a subtest for each run, a test for each step and for what went wrong besides. Behind a `#` stand SKIP and TODO alone:
 * readers take anything else for a directive. https://testanything.org/tap-version-14-specification.html
 */
export const tapReporter: Reporter = async (events, output) => {
  const suite = await collectSuite(events)
  const tests = [
    ...suite.runs.map((run) => (number: number) => subtest(run, number)),
    ...(suite.result?.notBegun ?? []).map(({ recipe, reason }) => (number: number) => [
      `ok ${number} - ${escaped(recipe)} # SKIP ${escaped(reason)}`,
    ]),
    ...suiteFailures(suite).map((problem) => (number: number) => problemLines(problem, number)),
  ]
  const lines = tests.flatMap((test, index) => test(index + 1))
  output.write(['TAP version 14', `1..${tests.length}`, ...lines].map((line) => `${line}\n`).join(''))
}

function subtest(run: RunRecord, number: number): readonly string[] {
  const { ofSteps, others } = runFailures(run)
  const tests = [
    ...run.steps.map((step, index) => stepLines(step, ofSteps.get(step), index + 1)),
    ...others.map((problem, index) => problemLines(problem, run.steps.length + index + 1)),
  ]
  const { result } = run
  const name = `${number} - ${escaped(run.recipe)}`
  const lines = [`1..${tests.length}`, ...tests.flat()].map((line) => `    ${line}`)
  const end =
    result?.skipped === undefined
      ? [`${result?.exit === 0 ? 'ok' : 'not ok'} ${name}`, ...diagnostic(timeOf(result?.duration ?? 0))]
      : [`ok ${name} # SKIP ${escaped(result.skipped)}`]
  const where = whereText(run)
  const on = where === '' ? [] : [`    # on ${escaped(where)}`]
  return [`# Subtest: ${escaped(run.recipe)}`, ...on, ...lines, ...end]
}

function stepLines(
  { id, title, result, allowedFailure, duration }: StepRecord,
  problem: SourcedProblem | undefined,
  number: number,
): readonly string[] {
  const name = `${number} - ${escaped(`${id}: ${title}`)}`
  if (result.status === 'skipped') return [`ok ${name} # SKIP ${escaped(result.reason)}`]
  if (result.status === 'passed') return [`ok ${name}`, ...diagnostic(timeOf(duration))]
  const details = {
    ...detailsOf(problem ?? result.problem, result.status === 'failed'),
    ...(result.status === 'failed' && {
      mismatches: result.mismatches.map(({ subject, expected, found }) => ({ subject, expected, found })),
    }),
    ...timeOf(duration),
  }
  return [`not ok ${name}${allowedFailure ? ' # TODO may fail' : ''}`, ...diagnostic(details)]
}

function problemLines(problem: SourcedProblem, number: number): readonly string[] {
  return [
    `not ok ${number} - ${placeOf[problem.from]}`,
    ...diagnostic(detailsOf(problem, isUnexpected(problem))),
  ]
}

function detailsOf({ message, code, at, hint }: Problem, isFailure: boolean): Details {
  return {
    message,
    severity: isFailure ? 'fail' : 'error',
    code,
    ...(at && { at: placeText(at) }),
    ...(hint !== undefined && { hint }),
  }
}

type Details = Readonly<Record<string, unknown>>

function timeOf(milliseconds: number): Details {
  return { duration_ms: Math.round(milliseconds) }
}

// JSON is YAML, and needs no quoting rules of its own.
function diagnostic(details: Details): readonly string[] {
  return [
    '  ---',
    ...Object.entries(details).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
    '  ...',
  ]
}

function escaped(text: string): string {
  return visible(text).replace(/[\\#]/g, '\\$&')
}
