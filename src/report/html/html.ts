import { createHash } from 'node:crypto'
import type { Reporter } from '../../model/reporter.ts'
import { collectSuite, type RunRecord, type SuiteRecord } from '../run-records.ts'
import { slowestSteps } from '../text/slowest-steps.ts'
import { countRuns } from '../text/summary-text.ts'
import { whereText } from '../text/where-text.ts'
import base from './base.css?raw'
import { spanOf, timelineChart } from './chart.ts'
import { failuresMarkup } from './failure.ts'
import { html, type Markup } from './markup.ts'
import own from './page.css?raw'
import script from './page.js?raw'
import { recipeMarkup } from './recipe.ts'
import { count, durationText, mark, runVerdict, stepVerdict, timeText, type Verdict } from './verdict.ts'

const style = base + own

/** Up to how many steps all recipes are opened at first; of more, those alone that did not pass. */
const mostOpened = 60

/**
 * One page for a browser, whole in itself: nothing in it is loaded, and its policy lets nothing run but its own script.
 * All is there without that script, which filters, copies and opens. https://www.w3.org/TR/CSP3/
 */
export const htmlReporter: Reporter = async (events, output) => {
  const suite = await collectSuite(events)
  output.write(`<!doctype html>${pageMarkup(suite).markup}`)
}

function pageMarkup(suite: SuiteRecord): Markup {
  const { runs } = suite
  const steps = runs.reduce((sum, run) => sum + run.steps.length, 0)
  const verdict = suiteVerdict(suite)
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
  return html`
    <html lang="en">
    <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="${policy}">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <title>${verdict === 'passed' ? '✓' : '✗'} ${headline(suite)} \u00b7 osrun</title>
      <link rel="icon" href="data:image/svg+xml,${iconOf(verdict)}">
      <style>${{ markup: style }}</style>
    </head>
    <body>
      <a class="skip" href="#steps">To the steps</a>
      ${summaryMarkup(suite, verdict)}
      ${failuresMarkup(suite)}
      ${timelineChart(runs)}
      ${toolbar(runs)}
      <main id="steps" tabindex="-1" aria-label="Steps">
        ${runs.map((run, index) => recipeMarkup(run, index + 1, steps <= mostOpened || runVerdict(run) === 'failed'))}
        <p class="empty" hidden>No step is like that.</p>
      </main>
      ${slowMarkup(runs)}
      <script>${{ markup: script }}</script>
    </body>
    </html>`
}

function suiteVerdict({ runs, result, problems }: SuiteRecord): Verdict {
  const exit = result?.exit ?? (runs.every((run) => runVerdict(run) !== 'failed') ? 0 : 1)
  return exit === 0 && problems.length === 0 ? 'passed' : 'failed'
}

function headline({ runs, result }: SuiteRecord): string {
  const [only] = runs
  const notBegun = result?.notBegun.length ?? 0
  if (only !== undefined && runs.length === 1 && notBegun === 0)
    return `${only.recipe}: ${{ passed: 'passed', skipped: 'skipped', failed: 'did not pass' }[runVerdict(only)]}`
  const { passed, skipped, interrupted, failed } = countRuns(runs.map((run) => run.result))
  const all = count(runs.length + notBegun, 'recipe')
  if (failed + interrupted + notBegun > 0) return `${failed + interrupted} of ${all} did not pass`
  return skipped === 0 ? `${all} passed` : `${passed} of ${all} passed, ${skipped} skipped`
}

function summaryMarkup(suite: SuiteRecord, verdict: Verdict): Markup {
  const { runs, result } = suite
  const span = spanOf(runs)
  const verdicts = runs.flatMap(({ steps }) => steps.map(stepVerdict))
  const number = (wanted: Verdict): number => verdicts.filter((one) => one === wanted).length
  const sum = (pick: (run: RunRecord) => number | undefined): number =>
    runs.reduce((total, run) => total + (pick(run) ?? 0), 0)
  const made = result?.tokens.made ?? sum((run) => run.result?.tokens.made)
  const revoked = result?.tokens.revoked ?? sum((run) => run.result?.tokens.revoked)
  const facts: readonly (readonly [string, string | number])[] = [
    ['passed', number('passed')],
    ['failed', number('failed')],
    ['skipped', number('skipped')],
    ...(number('allowed') > 0 ? [['may fail, did', number('allowed')] as const] : []),
    ...((result?.notBegun.length ?? 0) > 0
      ? [['recipes not begun', result?.notBegun.length ?? 0] as const]
      : []),
    ['requests', sum((run) => run.result?.requests)],
    ['tokens made, revoked', `${made}, ${revoked}`],
    ['time', durationText(result?.duration ?? span.end - span.start)],
  ]
  const clouds = [...new Set(runs.map(whereText).filter((where) => where !== ''))]
  const [first] = runs
  return html`
    <header>
      <h1>${mark(verdict)} ${headline(suite)}</h1>
      <p class="fact">${clouds.length === 0 ? '' : `on ${clouds.join(', ')}, `}${first === undefined ? '' : timeText(first.time)}</p>
      <dl class="counts">${facts.map(([name, value]) => html`<div class="${classOf(name, value)}"><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    </header>`
}

function classOf(name: string, value: string | number): string {
  return (name === 'passed' || name === 'failed') && value !== 0 ? name : ''
}

// Without the page's script there is nothing that it could do.
function toolbar(runs: readonly RunRecord[]): Markup {
  const tags = [...new Set(runs.flatMap((run) => run.tags))].sort()
  const choice = html`
    <select id="tag" aria-label="Tag">
      <option value="">all tags</option>
      ${tags.map((tag, index) => html`<option value="${index}" data-tag="${tag}">${tag}</option>`)}
    </select>`
  return html`
    <search class="toolbar">
      <input id="text" type="search" placeholder="Search ( / )" aria-label="Search steps" autocomplete="off" spellcheck="false">
      <button type="button" data-only="failed" aria-pressed="false">Failed</button>
      <button type="button" data-only="skipped" aria-pressed="false">Skipped</button>
      ${tags.length === 0 ? undefined : choice}
      <button type="button" id="expand">Expand all</button>
      <button type="button" id="collapse">Collapse all</button>
      <span id="shown" role="status"></span>
    </search>`
}

function slowMarkup(runs: readonly RunRecord[]): Markup {
  const steps = slowestSteps(
    runs.flatMap((run, at) =>
      run.steps.map(({ title, duration }, index) => ({
        recipe: run.recipe,
        title,
        duration,
        id: `${at + 1}.${index + 1}`,
      })),
    ),
  )
  if (steps.length < 2) return html``
  const rows = steps.map(
    ({ recipe, title, duration, id }) => html`
      <li><span class="time">${durationText(duration)}</span> <a href="#${id}">${title}</a> <span class="of">${recipe}</span></li>`,
  )
  return html`
    <section class="slow" aria-labelledby="slow">
      <h2 id="slow">The slowest steps</h2>
      <ol>${rows}</ol>
    </section>`
}

function iconOf(verdict: Verdict): string {
  const color = verdict === 'passed' ? '#1a7f37' : '#cf222e'
  return encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${color}"/></svg>`,
  )
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
