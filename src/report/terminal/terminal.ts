import type { ExchangeRecord, RunEvent, RunResult, SafeEvent } from '../../model/event.ts'
import type { Output, Reporter, ReportOptions } from '../../model/reporter.ts'
import { oneLine } from '../../util/text/text-end.ts'
import { visible } from '../../util/text/visible.ts'
import { isOfStep } from '../failures.ts'
import { exchangeText } from '../text/exchange-text.ts'
import { failureText } from '../text/failure-text.ts'
import { glossText } from '../text/gloss-text.ts'
import { outputLine } from '../text/output-lines.ts'
import { createPaint } from '../text/paint.ts'
import { problemText } from '../text/problem-text.ts'
import { slowestSteps, type TimedStep } from '../text/slowest-steps.ts'
import { runSummary, slowText, suiteText } from '../text/summary-text.ts'
import { wrap } from '../text/wrap.ts'
import type { LiveLine } from './live-line.ts'
import { createStepDetails } from './step-details.ts'
import { createTurns } from './turns.ts'

type Event<Type extends RunEvent['type']> = Extract<SafeEvent, { readonly type: Type }>

/**
 * Lines for people: a live one while a step runs on a terminal, plain ones elsewhere. Quiet shows failures
 * and verdicts alone; more is shown of exchanges with the verbosity.
 */
export const terminalReporter: Reporter = async (events, output, options) => {
  const live = output.isTerminal && options.verbosity !== 'quiet' ? await loadLiveLine(output) : undefined
  const turns = createTurns((text) => {
    live?.stop()
    output.write(text)
  })
  const printers = new Map<string, Printer>()
  const explained = new Set<string>()
  const recipes = new Map<string, string>()
  // No more than are told: a run may have any number of steps.
  let slowest: readonly TimedStep[] = []
  try {
    for await (const event of events) {
      if (event.type === 'suite:end') {
        const paint = createPaint(output.color)
        const { results, notBegun } = event.result
        const isLong = results.length + notBegun.length > 1 || options.verbosity !== 'normal'
        if (isLong && options.verbosity !== 'quiet') turns.write('', slowText(slowest, paint, output.width))
        turns.write('', suiteText(event.result, paint, output.width))
        turns.end('')
        continue
      }
      // Whoever catches what ended a run prints it; of what cleaning up could not do nobody else knows.
      if (event.type === 'problem') {
        if (event.problem.from === 'cleanup')
          turns.write(event.run, `${problemText(event.problem, output)}\n`)
        continue
      }
      if (event.type === 'run:start') recipes.set(event.run, event.recipe)
      if (event.type === 'step:end' && event.run !== '')
        slowest = slowestSteps([
          ...slowest,
          { recipe: recipes.get(event.run) ?? '', title: event.title, duration: event.duration },
        ])
      const write = (text: string): void => turns.write(event.run, text)
      const printer = printers.get(event.run) ?? createPrinter({ ...output, write }, options, explained)
      printers.set(event.run, printer)
      printer.show(event)
      const running = printer.running()
      if (running !== '' && turns.isNow(event.run)) live?.start(running)
      if (event.type !== 'run:end') continue
      printers.delete(event.run)
      turns.end(event.run)
    }
  } finally {
    live?.stop()
  }
}

async function loadLiveLine({ live }: Output): Promise<LiveLine> {
  const { createLiveLine } = await import('./live-line.ts')
  return createLiveLine(live)
}

type Printer = {
  show(event: Exclude<SafeEvent, { readonly type: 'suite:end' | 'problem' }>): void
  /** What is under way, for the live line; nothing between steps. */
  running(): string
}

function createPrinter(output: Output, options: ReportOptions, explained: Set<string>): Printer {
  const paint = createPaint(output.color)
  const style = { color: output.color, width: output.width }
  const isQuiet = options.verbosity === 'quiet'
  let details = createStepDetails(options, paint)
  let last: ExchangeRecord | undefined
  let current = ''
  let hasFailedStep = false
  const outputs: string[] = []
  const { write } = output
  const chatter = (text: string): void => {
    if (!isQuiet) write(text)
  }
  return {
    running: () => (current === '' ? '' : current + details.latestText()),
    show(event): void {
      switch (event.type) {
        case 'run:start':
          chatter(
            `${paint.bold(visible(event.recipe))} ${paint.dim(visible(`${event.file}${event.cloud === '' ? '' : ` on ${event.cloud}`}`))}\n`,
          )
          if (event.description !== undefined)
            chatter(`${wrap(paint.dim(visible(oneLine(event.description))), output.width, '  ')}\n`)
          return
        case 'step:start':
          current = visible(event.title)
          details = createStepDetails(options, paint)
          if (event.note !== undefined)
            details.add(`${wrap(paint.dim(visible(oneLine(event.note))), output.width, '    ')}\n`)
          return
        case 'exchange':
          last = event.exchange
          if (options.curl)
            details.add(
              `    ${paint.blue('$')} ${visible(event.revealedCurl ?? event.curl)}\n${glosses(event)}`,
            )
          details.add(exchangeText(event.exchange, options, paint))
          return
        case 'context':
          details.add(
            `    ${paint.dim(`${visible(event.name)} = ${visible(JSON.stringify(event.value)).slice(0, 200)}`)}\n`,
          )
          return
        case 'output':
          outputs.push(visible(outputLine(event.name, event.value)))
          return
        case 'poll':
          details.poll(event)
          return
        case 'question':
          // Whoever is asked sees no line that moves.
          current = ''
          write(
            `  ${paint.yellow('?')} ${wrap(visible(event.text), output.width, '    ').trimStart()} ${paint.dim('(Enter goes on)')}\n`,
          )
          return
        case 'notice':
          notice(event)
          return
        case 'step:end':
          end(event)
          return
        case 'run:end':
          verdict(event.result)
          return
        default:
          event satisfies never
      }
    },
  }

  // An option is explained where it appears first.
  function glosses(event: Event<'exchange'>): string {
    const fresh = (event.glosses ?? []).filter(({ words }) => !explained.has(words))
    for (const { words } of fresh) explained.add(words)
    return glossText(fresh, output.width, paint)
  }

  function notice(event: Event<'notice'>): void {
    const text = wrap(visible(event.message), output.width, '    ').trimStart()
    const line = `  ${event.level === 'warning' ? paint.yellow('!') : paint.dim('i')} ${text}\n`
    if (event.level === 'warning') write(line)
    else chatter(line)
  }

  function end({ result, title, duration, phase, allowedFailure }: Event<'step:end'>): void {
    const after = phase === 'cleanup' ? paint.dim(' (cleaning up)') : ''
    const took = paint.dim(` ${Math.round(duration)} ms`)
    const name = visible(title)
    const told = `${isQuiet ? '' : details.text()}${details.timelineText()}`
    if (result.status === 'passed') chatter(`  ${paint.green('✓')} ${name}${after}${took}\n${told}`)
    else if (result.status === 'skipped')
      chatter(`  ${paint.dim(`- ${name}: skipped, ${visible(result.reason)}`)}\n`)
    else {
      hasFailedStep ||= phase === 'main' && !allowedFailure
      const mark = allowedFailure ? paint.yellow('!') : paint.red('✗')
      write(
        `  ${mark} ${name}${after}${took}${allowedFailure ? paint.dim(' (may fail)') : ''}\n${told}${failureText(result, last, style)}`,
      )
    }
    details = createStepDetails(options, paint)
    current = ''
  }

  function verdict(result: RunResult): void {
    const { problem, leftovers } = result
    const untold = problem === undefined || isOfStep(problem, hasFailedStep) ? [] : [problem]
    for (const one of [...untold, ...leftovers]) write(`${problemText(one, { ...style, indent: '  ' })}\n`)
    const { skipped: why } = result
    const mark = why !== undefined ? '-' : result.exit === 0 ? paint.green('✓') : paint.red('✗')
    const told = why === undefined ? `${word(result)}, ${runSummary(result)}` : `skipped, ${visible(why)}`
    write(
      `${mark} ${paint.bold(visible(result.recipe))}: ${told} ${paint.dim(`${Math.round(result.duration)} ms`)}\n`,
    )
    for (const line of outputs) write(`${line}\n`)
  }

  function word({ status, leftovers, problem }: RunResult): string {
    if (status === 'passed') return paint.green('passed')
    if (problem === undefined && leftovers.length > 0) return paint.red('passed, but not all was cleaned up')
    return paint.red(
      { failed: 'failed', errored: 'could not be finished', interrupted: 'interrupted' }[status],
    )
  }
}
