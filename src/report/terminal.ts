import type { ExchangeRecord, RunEvent, RunResult, SafeEvent } from '../model/event.ts'
import type { Output, Reporter, ReportOptions } from '../model/reporter.ts'
import { exchangeText } from './exchange-text.ts'
import { failureText } from './failure-text.ts'
import type { LiveLine } from './live-line.ts'
import { createPaint } from './paint.ts'
import { problemText } from './problem-text.ts'
import { createStepDetails } from './step-details.ts'
import { visible } from './visible.ts'
import { wrap } from './wrap.ts'

type Event<Type extends RunEvent['type']> = Extract<SafeEvent, { readonly type: Type }>

/**
 * Lines for people: a live one while a step runs on a terminal, plain ones elsewhere. Quiet shows failures
 * and verdicts alone; more is shown of exchanges with the verbosity.
 */
export const terminalReporter: Reporter = async (events, output, options) => {
  const live = output.isTerminal && options.verbosity !== 'quiet' ? await loadLiveLine() : undefined
  const printer = createPrinter(output, options, live)
  try {
    for await (const event of events) printer.show(event)
  } finally {
    live?.stop()
  }
  printer.total()
}

async function loadLiveLine(): Promise<LiveLine> {
  const { createLiveLine } = await import('./live-line.ts')
  return createLiveLine()
}

function createPrinter(output: Output, options: ReportOptions, live: LiveLine | undefined) {
  const paint = createPaint(output.color)
  const style = { color: output.color, width: output.width }
  const isQuiet = options.verbosity === 'quiet'
  const results: RunResult[] = []
  let details = createStepDetails(options, paint)
  let last: ExchangeRecord | undefined
  let running = ''
  const write = (text: string): void => {
    live?.stop()
    output.write(text)
  }
  const chatter = (text: string): void => {
    if (!isQuiet) write(text)
  }
  return {
    show(event: SafeEvent): void {
      switch (event.type) {
        case 'run:start':
          last = undefined
          chatter(
            `${paint.bold(visible(event.recipe))} ${paint.dim(visible(`${event.file}${event.cloud === '' ? '' : ` on ${event.cloud}`}`))}\n`,
          )
          if (event.description !== undefined)
            chatter(`${wrap(paint.dim(oneLine(event.description)), output.width, '  ')}\n`)
          return
        case 'step:start':
          details = createStepDetails(options, paint)
          if (event.note !== undefined)
            details.add(`${wrap(paint.dim(oneLine(event.note)), output.width, '    ')}\n`)
          running = visible(event.title)
          live?.start(running)
          return
        case 'exchange':
          last = event.exchange
          details.add(exchangeText(event.exchange, event.revealedCurl ?? event.curl, options, paint))
          return
        case 'context':
          details.add(
            `    ${paint.dim(`${visible(event.name)} = ${visible(JSON.stringify(event.value)).slice(0, 200)}`)}\n`,
          )
          return
        case 'poll':
          details.poll(event)
          live?.start(running + details.latestText())
          return
        case 'notice':
          notice(event)
          return
        case 'step:end':
          end(event)
          return
        case 'run:end':
          results.push(event.result)
          verdict(event.result)
          return
        default:
          event satisfies never
      }
    },
    total(): void {
      if (results.length < 2) return
      const failed = results.filter(({ exit }) => exit !== 0).length
      const text = `${results.length} recipes, ${results.length - failed} passed, ${failed} failed`
      write(`${failed > 0 ? paint.red(text) : paint.green(text)}\n`)
    },
  }

  function notice(event: Event<'notice'>): void {
    const text = wrap(visible(event.message), output.width, '    ').trimStart()
    const line = `  ${event.level === 'warning' ? paint.yellow('!') : paint.dim('i')} ${text}\n`
    if (event.level === 'warning') write(line)
    else chatter(line)
    if (running !== '') live?.start(running + details.latestText())
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
      const mark = allowedFailure ? paint.yellow('!') : paint.red('✗')
      write(
        `  ${mark} ${name}${after}${took}${allowedFailure ? paint.dim(' (may fail)') : ''}\n${told}${failureText(result, last, style)}`,
      )
    }
    details = createStepDetails(options, paint)
    running = ''
  }

  function verdict(result: RunResult): void {
    for (const leftover of result.leftovers) write(`${problemText(leftover, { ...style, indent: '  ' })}\n`)
    const mark = result.exit === 0 ? paint.green('✓') : paint.red('✗')
    write(
      `${mark} ${paint.bold(visible(result.recipe))}: ${word(result)}, ${summary(result)} ${paint.dim(`${Math.round(result.duration)} ms`)}\n`,
    )
  }

  function word({ status, leftovers, problem }: RunResult): string {
    if (status === 'passed') return paint.green('passed')
    if (problem === undefined && leftovers.length > 0) return paint.red('passed, but not all was cleaned up')
    return paint.red(
      { failed: 'failed', errored: 'could not be finished', interrupted: 'interrupted' }[status],
    )
  }
}

function summary({ steps, requests, tokens }: RunResult): string {
  const parts = [
    `${steps.passed} of ${steps.passed + steps.failed + steps.errored + steps.skipped} steps`,
    ...(steps.skipped > 0 ? [`${steps.skipped} skipped`] : []),
    count(requests, 'request'),
  ]
  if (tokens.made > 0)
    parts.push(
      `${count(tokens.made, 'token')} made, ${tokens.revoked} revoked${tokens.kept > 0 ? `, ${tokens.kept} kept` : ''}`,
    )
  return parts.join(', ')
}

// A terminal wraps for itself what the recipe wrapped.
function oneLine(text: string): string {
  return visible(text.trim().replace(/\s*\n\s*/g, ' '))
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
