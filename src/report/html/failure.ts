import type { Mismatch, StepResult } from '../../model/event.ts'
import type { Position, Problem, SourcedProblem } from '../../model/problem.ts'
import { placeOf, runFailures, suiteFailures } from '../failures.ts'
import type { RunRecord, StepRecord, SuiteRecord } from '../run-records.ts'
import { hintFor } from '../text/failure-text.ts'
import { placeText } from '../text/problem-text.ts'
import { attribute, curlMarkup } from './exchange.ts'
import { html, type Markup } from './markup.ts'
import { mark } from './verdict.ts'

/** How many failures are opened at first. */
const opened = 5

type Failure = { readonly title: string; readonly where: string; readonly body: Markup }

/** Everything that did not pass, each with what is needed to understand it; nothing where all passed. */
export function failuresMarkup(suite: SuiteRecord): Markup {
  const failures = [
    ...suite.runs.flatMap((run, at) => {
      const { ofSteps, others } = runFailures(run)
      return [
        ...[...ofSteps].map(([step, problem]) =>
          failureOf(run, step, { problem, id: `${at + 1}.${run.steps.indexOf(step) + 1}` }),
        ),
        ...others.map((problem) => ofProblem(run.recipe, problem)),
      ]
    }),
    ...suiteFailures(suite).map((problem) => ofProblem(placeOf.suite, problem)),
    ...(suite.result?.notBegun ?? []).map(({ recipe, reason }) => ({
      title: recipe,
      where: 'not begun',
      body: html`<p class="problem">${reason}</p>`,
    })),
  ]
  if (failures.length === 0) return html``
  const cards = failures.map(
    ({ title, where, body }, index) => html`
      <details class="card"${attribute(index < opened, 'open')}>
        <summary>${mark('failed')} <h3>${title}</h3> <span class="of">${where}</span></summary>
        ${body}
      </details>`,
  )
  return html`
    <section class="failures" aria-labelledby="failures">
      <h2 id="failures">What did not pass</h2>
      ${cards}
    </section>`
}

function failureOf(
  { recipe }: RunRecord,
  step: StepRecord,
  { problem, id }: { readonly problem: SourcedProblem; readonly id: string },
): Failure {
  const last = step.exchanges.at(-1)
  const body = html`
    ${problem.from === 'cleanup' ? problemMarkup(problem) : undefined}
    ${failureMarkup(step)}
    ${last === undefined ? undefined : curlMarkup(last.curl)}
    <p class="fact"><a href="#${id}">The whole step, ${step.id}</a></p>`
  return { title: step.title, where: recipe, body }
}

function ofProblem(where: string, problem: SourcedProblem): Failure {
  return { title: placeOf[problem.from], where, body: problemMarkup(problem) }
}

/** What went wrong in a step: place, expected and found, the cloud's words, what to try; nothing for one that passed. */
export function failureMarkup({ result, exchanges }: StepRecord): Markup {
  if (result.status === 'passed' || result.status === 'skipped') return html``
  const mismatches = result.status === 'failed' ? result.mismatches : []
  if (mismatches.length === 0)
    return html`<div class="failure">${problemMarkup(result.problem)}${answered(result, exchanges)}</div>`
  return html`
    <div class="failure">
      ${mismatches.map(mismatchMarkup)}
      ${answered(result, exchanges)}
    </div>`
}

function mismatchMarkup({ subject, expected, found, at }: Mismatch): Markup {
  return html`
    <dl class="mismatch">
      <dt><code>${subject}</code></dt>
      <dd class="expected"><span>expected</span> <code>${expected}</code></dd>
      <dd class="found"><span>found</span> <code>${found}</code></dd>
      <dd class="place">${sourceMarkup(at)}</dd>
    </dl>`
}

function problemMarkup({ code, message, at, hint, causes }: Problem): Markup {
  const behind = causes.filter((cause) => !message.includes(cause))
  return html`
    <p class="problem"><code>${code}</code> ${message}</p>
    ${behind.map((cause) => html`<p class="fact">because: ${cause}</p>`)}
    ${hint === undefined ? undefined : html`<p class="hint">try: ${hint}</p>`}
    ${at === undefined ? undefined : sourceMarkup(at)}`
}

function answered(
  result: Exclude<StepResult, { readonly status: 'passed' | 'skipped' }>,
  exchanges: StepRecord['exchanges'],
): Markup {
  const last = exchanges.at(-1)?.exchange
  if (result.status !== 'failed' || last?.status === undefined) return html``
  const { method, url, status, requestId, cloudMessage } = last
  // A problem without differences has told its own hint.
  const hint = result.problem.hint ?? hintFor(status)
  const isTold = result.mismatches.length === 0 && result.problem.hint !== undefined
  return html`
    <p class="fact"><code>${method} ${url}</code> answered ${status}${requestId === undefined ? undefined : html`, request id <code>${requestId}</code>`}</p>
    ${cloudMessage === undefined ? undefined : html`<p class="fact">the cloud says: ${cloudMessage}</p>`}
    ${hint === undefined || isTold ? undefined : html`<p class="hint">try: ${hint}</p>`}`
}

// The line of a recipe with what is meant marked in it.
function sourceMarkup(at: Position): Markup {
  const place = html`<code class="place">${placeText(at)}</code>`
  if (at.source === undefined) return place
  const from = at.column - 1
  const to = from + Math.max(1, at.length ?? 1)
  const [before, meant, after] = [at.source.slice(0, from), at.source.slice(from, to), at.source.slice(to)]
  return html`${place}<pre class="source">${before.trimStart()}<mark>${meant}</mark>${after}</pre>`
}
