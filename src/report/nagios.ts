import type { Reporter } from '../model/reporter.ts'
import { visible } from '../util/visible.ts'
import { nagiosStatus } from './nagios-status.ts'
import type { RunRecord } from './run-records.ts'
import { collectRuns } from './run-records.ts'
import { countRuns } from './summary-text.ts'

/** The states of a check and their exit statuses. https://nagios-plugins.org/doc/guidelines.html#AEN78 */
const states = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const

/** One line for Nagios, Icinga and their kin: state, what failed, performance data. */
export const nagiosReporter: Reporter = async (events, output) => {
  const runs = await collectRuns(events)
  const failed = runs.filter(({ result }) => result?.exit !== 0)
  const state = states[Math.max(0, ...runs.map(({ result }) => nagiosStatus(result?.exit ?? 3)))] ?? 'UNKNOWN'
  const first = failed[0]
  const why = first === undefined ? '' : `; ${first.recipe}: ${reason(first)}`
  // A bar starts the performance data, so no text may hold one.
  const { passed, skipped } = countRuns(runs.map(({ result }) => result))
  const told = `${passed} of ${runs.length} recipes passed${skipped > 0 ? `, ${skipped} skipped` : ''}${why}`
  const text = visible(told).replaceAll('|', '/')
  output.write(`OSRUN ${runs.length === 0 ? 'UNKNOWN' : state} - ${text} | ${performanceData(runs)}\n`)
}

function reason({ result }: RunRecord): string {
  return result?.problem?.message ?? result?.leftovers[0]?.message ?? 'it did not come to its end'
}

function performanceData(runs: readonly RunRecord[]): string {
  const total = runs.reduce((sum, { result }) => sum + (result?.duration ?? 0), 0)
  const requests = runs.reduce((sum, { result }) => sum + (result?.requests ?? 0), 0)
  const { passed, skipped, failed } = countRuns(runs.map(({ result }) => result))
  return [
    `time=${(total / 1000).toFixed(3)}s;;;0`,
    `passed=${passed};;;0;${runs.length}`,
    `failed=${failed};;;0;${runs.length}`,
    `skipped=${skipped};;;0;${runs.length}`,
    `requests=${requests};;;0`,
  ].join(' ')
}
