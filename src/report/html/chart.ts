import type { RunRecord } from '../run-records.ts'
import { html, type Markup } from './markup.ts'
import { durationText, mark, runVerdict, stepVerdict, type Verdict } from './verdict.ts'

/** A stretch of time in milliseconds. */
export type Span = { readonly start: number; readonly end: number }

type Bar = Span & { readonly verdict: Verdict; readonly title: string }

/** From the first start to the last end of some runs, since 1970. */
export function spanOf(runs: readonly RunRecord[]): Span {
  const all = runs.flatMap((run) => [startOf(run.time), ...barsOf(run).map(({ end }) => end)])
  const start = all.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY)
  const end = all.reduce((most, time) => Math.max(most, time), 0)
  return { start: Number.isFinite(start) ? start : 0, end: Math.max(end, start + 1) }
}

/** The steps of a run as bars in time; without those that were skipped. */
export function barsOf({ time, steps }: RunRecord): readonly Bar[] {
  return steps
    .map((step) => {
      const start = startOf(step.time ?? time)
      const title = `${step.title}, ${durationText(step.duration)}`
      return { start, end: start + Math.max(0, step.duration), verdict: stepVerdict(step), title }
    })
    .filter(({ verdict }) => verdict !== 'skipped')
}

/**
 * Bars in a span, as SVG: the page's policy refuses style attributes, and geometry of SVG is none. It says nothing that
 * the text beside it does not.
 */
export function barChart(bars: readonly Bar[], { start, end }: Span): Markup {
  const width = 1000
  const scale = width / Math.max(1, end - start)
  const shapes = bars.map((bar) => {
    const long = Math.max(4, (bar.end - bar.start) * scale)
    const from = Math.max(0, Math.min(width - long, (bar.start - start) * scale))
    return html`<rect class="${bar.verdict}" x="${round(from)}" width="${round(long)}" height="10"><title>${bar.title}</title></rect>`
  })
  return html`<svg class="bars" viewBox="0 0 ${width} 10" preserveAspectRatio="none" aria-hidden="true">${shapes}</svg>`
}

/** A lane for each recipe on the time of all of them; nothing for a single one. */
export function timelineChart(runs: readonly RunRecord[]): Markup {
  if (runs.length < 2) return html``
  const span = spanOf(runs)
  const lanes = runs.map((run, index) => {
    const took = durationText(run.result?.duration ?? 0)
    return html`
      <li>
        <a href="#${index + 1}">${mark(runVerdict(run))} ${run.recipe}</a>
        <span class="time">${took}</span>
        ${barChart(barsOf(run), span)}
      </li>`
  })
  return html`
    <section class="timeline" aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      <ol>${lanes}</ol>
      <p class="axis" aria-hidden="true"><span>0</span><span>${durationText((span.end - span.start) / 2)}</span><span>${durationText(span.end - span.start)}</span></p>
    </section>`
}

function startOf(time: string): number {
  const milliseconds = Date.parse(time)
  return Number.isNaN(milliseconds) ? 0 : milliseconds
}

function round(number: number): string {
  return String(Math.round(number * 10) / 10)
}
