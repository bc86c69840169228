import type { Reporter } from '../model/reporter.ts'
import { collectRuns } from './run-records.ts'

/** One JSON document: `{ runs: [{ recipe, file, steps: [...], result }] }`. */
export const jsonReporter: Reporter = async (events, output) => {
  output.write(`${JSON.stringify({ runs: await collectRuns(events) }, undefined, 2)}\n`)
}
