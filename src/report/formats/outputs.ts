import type { Problem } from '../../model/problem.ts'
import type { Reporter } from '../../model/reporter.ts'
import { visible } from '../../util/text/visible.ts'
import { runFailures, suiteFailures } from '../failures.ts'
import { collectSuite } from '../run-records.ts'
import { outputLine } from '../text/output-lines.ts'

/**
 * The outputs alone, as a shell reads them: `eval "$(osrun RECIPE --report outputs=-)"`. Those of several runs follow their names;
 * what did not pass is a comment.
 */
export const outputsReporter: Reporter = async (events, output) => {
  const suite = await collectSuite(events)
  const { runs } = suite
  const lines = runs.flatMap((run) => {
    const { ofSteps, others } = runFailures(run)
    return [
      ...(runs.length > 1 ? [`# ${visible(run.recipe)}`] : []),
      ...Object.entries(run.result?.outputs ?? {}).map(([name, value]) => outputLine(name, value)),
      ...[...ofSteps.values(), ...others].map(comment),
    ]
  })
  output.write([...lines, ...suiteFailures(suite).map(comment)].map((line) => `${line}\n`).join(''))
}

function comment({ code, message }: Problem): string {
  return `# ${code} ${visible(message)}`
}
