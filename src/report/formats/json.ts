import type { Reporter } from '../../model/reporter.ts'
import { collectSuite } from '../run-records.ts'

/**
 * One JSON document: `{ runs: [{ recipe, file, steps: [...], result }], suite, problems }`; the results are those of the runs, and
 * `suite.steps` what all of them had in common: the revocation of tokens.
 */
export const jsonReporter: Reporter = async (events, output) => {
  const { runs, steps, result, problems } = await collectSuite(events)
  const { results: _results, ...suite } = result ?? {}
  const told = {
    runs,
    ...(result && { suite: { ...suite, ...(steps.length > 0 && { steps }) } }),
    ...(problems.length > 0 && { problems }),
  }
  output.write(`${JSON.stringify(told, undefined, 2)}\n`)
}
