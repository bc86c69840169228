import type { Output, Reporter } from '../../model/reporter.ts'
import { createPaint } from '../text/paint.ts'
import { problemText } from '../text/problem-text.ts'
import { slowestSteps, type TimedStep } from '../text/slowest-steps.ts'
import { slowText, suiteText } from '../text/summary-text.ts'
import type { LiveLine } from './live-line.ts'
import { createProgress } from './progress.ts'
import { createRunPrinter, isTerse, type RunPrinter } from './run-printer.ts'
import { createTurns } from './turns.ts'

/**
 * Lines for people: a live one while a step runs on a terminal, plain ones elsewhere. More is shown with the verbosity.
 */
export const terminalReporter: Reporter = async (events, output, options) => {
  const live = output.isTerminal && options.verbosity !== 'quiet' ? await loadLiveLine(output) : undefined
  const turns = createTurns((text) => {
    live?.stop()
    output.write(text)
  })
  const progress = createProgress(options.recipes)
  // Quiet, a recipe that passed has a line where it is the last one.
  let passed = ''
  const printers = new Map<string, RunPrinter>()
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
        if (results.length + notBegun.length > 1) passed = ''
        if (isLong && !isTerse(options)) turns.write('', slowText(slowest, paint, output.width))
        turns.write('', passed + suiteText(event.result, paint, output.width))
        passed = ''
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
      progress.hear(event)
      const write = (text: string): void => turns.write(event.run, text)
      const pass = (text: string): void => {
        if (options.verbosity === 'quiet') passed = text
        else write(text)
      }
      const printer =
        printers.get(event.run) ?? createRunPrinter({ ...output, write }, options, explained, pass)
      printers.set(event.run, printer)
      printer.show(event)
      const running = printer.running()
      if (running !== '' && turns.isNow(event.run)) live?.start(progress.text() + running)
      if (event.type !== 'run:end') continue
      printers.delete(event.run)
      turns.end(event.run)
    }
    if (passed !== '') turns.write('', passed)
  } finally {
    live?.stop()
  }
}

async function loadLiveLine({ live }: Output): Promise<LiveLine> {
  const { createLiveLine } = await import('./live-line.ts')
  return createLiveLine(live)
}
