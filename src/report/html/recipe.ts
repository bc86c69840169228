import { oneLine } from '../../util/text/text-end.ts'
import type { RunRecord, StepRecord } from '../run-records.ts'
import { placeText } from '../text/problem-text.ts'
import { stepsText } from '../text/summary-text.ts'
import { timelineText } from '../text/timeline.ts'
import { whereText } from '../text/where-text.ts'
import { barChart, barsOf, type Span, spanOf } from './chart.ts'
import { answerMarkup, attribute, exchangeMarkup } from './exchange.ts'
import { failureMarkup } from './failure.ts'
import { html, type Markup } from './markup.ts'
import { count, durationText, mark, runVerdict, runWords, stepVerdict, timeText } from './verdict.ts'

/** Of how many exchanges a step shows all opened. */
const mostOpened = 3

/** A recipe with its steps, `number` counted from 1; opened or not. */
export function recipeMarkup(run: RunRecord, number: number, isOpen: boolean): Markup {
  const span = spanOf([run])
  const ofSteps = new Set(run.steps.flatMap(({ notices }) => notices))
  const notices = run.notices.filter((notice) => !ofSteps.has(notice))
  const verdict = runVerdict(run)
  return html`
    <details class="recipe" id="${number}" data-tags="${JSON.stringify(run.tags)}"${attribute(isOpen, 'open')}>
      <summary>
        ${mark(verdict)}
        <h2>${run.recipe}</h2>
        <span class="word ${verdict}">${runWords(run)}</span>
        <span class="steps-count">${run.result === undefined ? '' : `${stepsText(run.result.steps)} steps`}</span>
        <span class="time">${durationText(run.result?.duration ?? 0)}</span>
      </summary>
      <div class="about">
        ${run.description === undefined ? undefined : html`<p>${oneLine(run.description)}</p>`}
        <p class="fact">${factsOf(run)} ${run.tags.map((tag) => html`<span class="tag">${tag}</span> `)}</p>
        ${notices.map((notice) => html`<p class="notice">${notice}</p>`)}
      </div>
      <ol class="steps">${run.steps.map((step, index) => stepMarkup(step, `${number}.${index + 1}`, span, barOf(run, step)))}</ol>
    </details>`
}

function factsOf(run: RunRecord): Markup {
  const { file, time, result } = run
  const where = whereText(run)
  const tokens = result?.tokens
  const facts = [
    where === '' ? '' : ` on ${where}`,
    `, ${timeText(time)}`,
    result === undefined ? '' : `, ${count(result.requests, 'request')}`,
    tokens === undefined || tokens.made === 0
      ? ''
      : `, ${count(tokens.made, 'token')} made, ${tokens.revoked} revoked`,
  ]
  return html`<code>${file}</code>${facts.join('')}`
}

function barOf(run: RunRecord, step: StepRecord): ReturnType<typeof barsOf> {
  return barsOf({ ...run, steps: [step] })
}

function stepMarkup(step: StepRecord, id: string, span: Span, bars: ReturnType<typeof barsOf>): Markup {
  const verdict = stepVerdict(step)
  const last = step.exchanges.at(-1)?.exchange
  return html`
    <li>
      <details class="step ${verdict}" id="${id}" data-status="${verdict}">
        <summary>
          ${mark(verdict)}
          <span class="title">${step.title}${step.phase === 'cleanup' ? html` <span class="tag">cleaning up</span>` : undefined}${reasonMarkup(step)}</span>
          ${last === undefined ? html`<span class="answer"></span>` : answerMarkup({ ...last, reason: '' })}
          <span class="time">${step.result.status === 'skipped' ? '' : durationText(step.duration)}</span>
          ${barChart(bars, span)}
        </summary>
        <div class="details">${detailsMarkup(step, id)}</div>
      </details>
    </li>`
}

function reasonMarkup({ result, allowedFailure }: StepRecord): Markup | undefined {
  if (result.status === 'skipped') return html` <span class="reason">skipped, ${result.reason}</span>`
  if (allowedFailure) return html` <span class="reason">may fail</span>`
  return undefined
}

function detailsMarkup(step: StepRecord, id: string): Markup {
  const { note, values, notices, exchanges, timeline, at } = step
  const isFailed = 'problem' in step.result
  const isOpened = (index: number): boolean =>
    exchanges.length <= mostOpened || (isFailed && index === exchanges.length - 1)
  const isAnswerOpened = (index: number): boolean => isFailed && index === exchanges.length - 1
  return html`
    ${note === undefined ? undefined : html`<p class="note">${oneLine(note)}</p>`}
    ${failureMarkup(step)}
    ${notices.map((notice) => html`<p class="notice">${notice}</p>`)}
    ${timeline === undefined ? undefined : html`<ul class="polls">${timelineText(timeline).map((line) => html`<li>${line}</li>`)}</ul>`}
    ${exchanges.map((entry, index) => exchangeMarkup(entry, isOpened(index), isAnswerOpened(index)))}
    ${values.map(({ name, value }) => html`<p class="value"><code>${name}</code> = <code>${JSON.stringify(value).slice(0, 500)}</code></p>`)}
    <p class="fact">
      <a href="#${id}">#${id}</a> <code>${step.id}</code>, ${step.verb}${at === undefined ? undefined : html`, <code>${placeText(at)}</code>`}
    </p>`
}
