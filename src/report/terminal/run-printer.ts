import type { RunResult, SafeEvent } from '../../model/event.ts'
import type { SourcedProblem } from '../../model/problem.ts'
import type { Output, ReportOptions } from '../../model/reporter.ts'
import { visible } from '../../util/text/visible.ts'
import { isOfStep } from '../failures.ts'
import { exchangeText } from '../text/exchange-text.ts'
import { failureText } from '../text/failure-text.ts'
import { glossText } from '../text/gloss-text.ts'
import { outputLine } from '../text/output-lines.ts'
import { createPaint } from '../text/paint.ts'
import { problemText } from '../text/problem-text.ts'
import {
  contextText,
  dimText,
  type EventOf,
  type LineStyle,
  noticeText,
  questionText,
  shellText,
  startText,
  stepText,
  verdictText,
} from './event-text.ts'
import { createStepDetails } from './step-details.ts'

/** Prints one run. */
export type RunPrinter = {
  show(event: Exclude<SafeEvent, { readonly type: 'suite:end' | 'problem' }>): void
  /** What is under way, for the live line; nothing between steps. */
  running(): string
}

/** Whether nothing is told of what goes well but, at most, a line for each recipe. */
export function isTerse({ verbosity }: ReportOptions): boolean {
  return verbosity === 'quiet' || verbosity === 'brief'
}

/**
 * Makes the printer of a run. `explained`: the options of curl that were explained before, by whichever run; `pass` is told of a run
 * that passed.
 */
export function createRunPrinter(
  { write, color, width }: Output,
  options: ReportOptions,
  explained: Set<string>,
  pass: (text: string) => void,
): RunPrinter {
  const paint = createPaint(color)
  const style = { paint, width }
  const terse = isTerse(options)
  let details = createStepDetails(options, paint)
  let last: EventOf<'exchange'> | undefined
  let current = ''
  let hasFailedStep = false
  // Whether this step has asked, and whether the curl line of the last request is there for whoever reads of a failure.
  let hasAsked = false
  let isShown = true
  const outputs: string[] = []
  const chatter = (text: string): void => {
    if (!terse) write(text)
  }
  const begin = ({ title, note }: EventOf<'step:start'>): void => {
    current = visible(title)
    details = createStepDetails(options, paint)
    hasAsked = false
    isShown = !terse
    if (note !== undefined) details.add(dimText(note, '    ', style))
  }
  const exchange = (event: EventOf<'exchange'>): void => {
    last = event
    hasAsked = true
    isShown = options.verbosity !== 'quiet'
    if (options.curl) details.add(curlText(event, explained, style))
    details.add(exchangeText(event.exchange, options, paint))
  }
  const ask = (event: EventOf<'question'>): void => {
    // Whoever is asked sees no line that moves.
    current = ''
    write(questionText(event, style))
  }
  // What an assertion looks at was asked by a step before, of which nothing is told where it passed.
  const unshownCurl = (isCompared: boolean): string =>
    options.curl && !isShown && last !== undefined && (isCompared || hasAsked)
      ? shellText([last.revealedCurl ?? last.curl], paint)
      : ''
  const end = (event: EventOf<'step:end'>): void => {
    const { result, phase, allowedFailure } = event
    const told = `${options.verbosity === 'quiet' ? '' : details.text()}${details.timelineText()}`
    const line = stepText(event, paint)
    if (result.status === 'passed') chatter(`${line}${told}`)
    else if (result.status === 'skipped') chatter(line)
    else {
      hasFailedStep ||= phase === 'main' && !allowedFailure
      write(
        `${line}${told}${unshownCurl(result.status === 'failed')}${failureText(result, last?.exchange, { color, width })}`,
      )
    }
    details = createStepDetails(options, paint)
    current = ''
  }
  const verdict = (result: RunResult): void => {
    for (const one of untoldProblems(result, hasFailedStep))
      write(`${problemText(one, { color, width, indent: '  ' })}\n`)
    const text = verdictText(result, paint) + outputs.map((line) => `${line}\n`).join('')
    if (result.exit === 0) pass(text)
    else write(text)
  }
  return {
    running: () => (current === '' ? '' : current + details.latestText()),
    show(event) {
      switch (event.type) {
        case 'run:start':
          return chatter(startText(event, style))
        case 'step:start':
          return begin(event)
        case 'exchange':
          return exchange(event)
        case 'context':
          return details.add(contextText(event, paint, options))
        case 'output':
          return void outputs.push(visible(outputLine(event.name, event.value)))
        case 'poll':
          return details.poll(event)
        case 'question':
          return ask(event)
        case 'notice':
          return (event.level === 'warning' ? write : chatter)(noticeText(event, style))
        case 'step:end':
          return end(event)
        case 'run:end':
          return verdict(event.result)
        default:
          event satisfies never
      }
    },
  }
}

// An option is explained where it appears first.
function curlText(event: EventOf<'exchange'>, explained: Set<string>, { paint, width }: LineStyle): string {
  const { curl, paste, revealedCurl, glosses = [] } = event
  const fresh = glosses.filter(({ words }) => !explained.has(words))
  for (const { words } of fresh) explained.add(words)
  const lines = revealedCurl === undefined ? (paste ?? [curl]) : [revealedCurl]
  return `${shellText(lines, paint)}${glossText(fresh, width, paint)}`
}

function untoldProblems(
  { problem, leftovers }: RunResult,
  hasFailedStep: boolean,
): readonly SourcedProblem[] {
  return problem === undefined || isOfStep(problem, hasFailedStep) ? leftovers : [problem, ...leftovers]
}
