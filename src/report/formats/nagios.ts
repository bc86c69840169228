import { errorCodes } from '../../model/error-codes.ts'
import type { Reporter } from '../../model/reporter.ts'
import { visible } from '../../util/text/visible.ts'
import { allFailures, placeOf } from '../failures.ts'
import { collectSuite, type SuiteRecord } from '../run-records.ts'
import { countRuns } from '../text/summary-text.ts'
import { nagiosStatus } from './nagios-status.ts'

/** The states of a check and their exit statuses. https://nagios-plugins.org/doc/guidelines.html#AEN78 */
const states = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const

/** One line for Nagios, Icinga and their kin: state, what failed, performance data. */
export const nagiosReporter: Reporter = async (events, output) => {
  const suite = await collectSuite(events)
  const { runs, result } = suite
  const notBegun = result?.notBegun.length ?? 0
  const failures = allFailures(suite)
  const [first] = failures
  const why =
    first === undefined
      ? ''
      : `; ${first.recipe ?? placeOf[first.problem.from]}: ${first.problem.code} ${first.problem.message}${failures.length > 1 ? ` (and ${failures.length - 1} more)` : ''}`
  // A bar starts the performance data, so no text may hold one.
  const { passed, skipped } = countRuns(runs.map(({ result }) => result))
  const told = `${passed} of ${runs.length + notBegun} recipes passed${skipped > 0 ? `, ${skipped} skipped` : ''}${notBegun > 0 ? `, ${notBegun} not begun` : ''}${why}`
  const text = visible(told).replaceAll('|', '/')
  output.write(`OSRUN ${stateOf(suite)} - ${text} | ${performanceData(runs)}\n`)
}

// That of the status which osrun then ends with: of all runs together, else of what stands in no result.
function stateOf(suite: SuiteRecord): string {
  if (suite.runs.length === 0) return 'UNKNOWN'
  return states[nagiosStatus(exitOf(suite))] ?? 'UNKNOWN'
}

function exitOf({ runs, result, problems }: SuiteRecord): number {
  const known = runs.flatMap((run) => run.result ?? [])
  const [problem] = [...runs.flatMap((run) => run.problem ?? []), ...problems]
  const exit = result?.exit ?? known.find((one) => one.exit !== 0)?.exit ?? 0
  if (exit !== 0) return exit
  if (problem !== undefined) return errorCodes[problem.code].exit
  // A run without an end is one of which nothing is known.
  return known.length < runs.length ? errorCodes.INTERNAL.exit : 0
}

function performanceData(runs: SuiteRecord['runs']): string {
  const total = runs.reduce((sum, { result }) => sum + (result?.duration ?? 0), 0)
  const requests = runs.reduce((sum, { result }) => sum + (result?.requests ?? 0), 0)
  const { passed, skipped, interrupted, failed } = countRuns(runs.map(({ result }) => result))
  return [
    `time=${(total / 1000).toFixed(3)}s;;;0`,
    `passed=${passed};;;0;${runs.length}`,
    `failed=${failed + interrupted};;;0;${runs.length}`,
    `skipped=${skipped};;;0;${runs.length}`,
    `requests=${requests};;;0`,
  ].join(' ')
}
