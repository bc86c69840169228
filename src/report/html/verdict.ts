import type { RunRecord, StepRecord } from '../run-records.ts'
import { html, type Markup } from './markup.ts'

/** How a step or a run ended, as the page shows it. */
export type Verdict = 'passed' | 'failed' | 'allowed' | 'skipped'

/** How a step ended; one that could not be finished counts as failed. */
export function stepVerdict({ result, allowedFailure }: StepRecord): Verdict {
  if (result.status === 'passed' || result.status === 'skipped') return result.status
  return allowedFailure ? 'allowed' : 'failed'
}

/** How a run ended; one that did not come to its end failed. */
export function runVerdict({ result }: RunRecord): Exclude<Verdict, 'allowed'> {
  if (result?.exit !== 0) return 'failed'
  return result.skipped === undefined ? 'passed' : 'skipped'
}

/** How a run ended, in words. */
export function runWords({ result }: RunRecord): string {
  if (result === undefined) return 'not finished'
  if (result.skipped !== undefined) return `skipped, ${result.skipped}`
  if (result.status === 'passed') return result.leftovers.length > 0 ? 'not all cleaned up' : 'passed'
  return { failed: 'failed', errored: 'could not be finished', interrupted: 'interrupted' }[result.status]
}

const signs = { passed: '✓', failed: '✗', allowed: '!', skipped: '–' } as const
const words = {
  passed: 'passed',
  failed: 'failed',
  allowed: 'failed, which it may',
  skipped: 'skipped',
} as const

/** The sign of a verdict, with its word for those who do not see it. */
export function mark(verdict: Verdict): Markup {
  return html`<span class="mark ${verdict}" role="img" aria-label="${words[verdict]}">${signs[verdict]}</span>`
}

/** A duration in milliseconds for people: `7 ms`, `1.25 s`, `3 min 20 s`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(2)} s`
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** A number with its noun. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** A time of ISO 8601 in UTC for people, to the second: `2026-05-04 10:00:00 UTC`. */
export function timeText(time: string): string {
  return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/, '$1 $2 UTC')
}
