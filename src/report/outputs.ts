import type { Reporter } from '../model/reporter.ts'
import { visible } from '../util/visible.ts'
import { outputLine } from './output-lines.ts'

/** The outputs alone, as a shell reads them: `eval "$(osrun RECIPE --report outputs=-)"`. Those of several runs follow their names. */
export const outputsReporter: Reporter = async (events, output) => {
  const runs = new Map<string, string[]>()
  for await (const event of events) {
    if (event.type === 'run:start') runs.set(event.run, [`# ${visible(event.recipe)}`])
    if (event.type === 'output') runs.get(event.run)?.push(outputLine(event.name, event.value))
  }
  const lines = [...runs.values()].flatMap((all) => (runs.size > 1 ? all : all.slice(1)))
  output.write(lines.map((line) => `${line}\n`).join(''))
}
