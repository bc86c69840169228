import { expect, test } from 'vitest'
import type { SafeEvent } from '../../src/model/event.ts'
import type { Reporter, ReportOptions } from '../../src/model/reporter.ts'
import { markdownReporter } from '../../src/report/formats/markdown.ts'
import { htmlReporter } from '../../src/report/html/html.ts'
import { reportKinds } from '../../src/report/index.ts'
import { terminalReporter } from '../../src/report/terminal/terminal.ts'
import { runSuite } from '../../src/run/suite/run-suite.ts'
import { cloudOf, recipeOf, runToEnd, startSandbox } from '../run/on-sandbox.ts'

/** What a reporter makes of the events, 80 columns wide and without colours. */
async function told(
  reporter: Reporter,
  events: readonly SafeEvent[],
  verbosity: ReportOptions['verbosity'] = 'normal',
): Promise<string> {
  let text = ''
  const write = (part: string): void => {
    text += part
  }
  const all = (async function* () {
    yield* events
  })()
  await reporter(all, { write, isTerminal: false, color: false, width: 80 }, { verbosity, curl: false })
  return text
}

test('a recipe that only logs in is told as skipped by every report, with the reason, and is counted so', async () => {
  const sandbox = await startSandbox()
  const recipe = (name: string, service: string) =>
    recipeOf(`osrun: 1
name: ${name}
steps:
  - authenticate:
  - pick-endpoint: ${service}
    when: { service: ${service} }
`)
  const suite = runSuite(
    [await recipe('Rain', 'compute'), await recipe('Sun', 'object-store')].map((one) => ({
      recipe: one,
      inputs: {},
    })),
    { cloud: await cloudOf(sandbox.environment) },
  )
  const events: SafeEvent[] = []
  for await (const event of suite) events.push(event)
  await sandbox.close()
  const reason = 'the catalog has no compute service'
  const reports = new Map<string, string>([['terminal', await told(terminalReporter, events, 'brief')]])
  for (const { kind, load } of reportKinds) reports.set(kind, await told(await load(), events))
  const wanted: Readonly<Record<string, readonly string[]>> = {
    terminal: [`- Rain: skipped, ${reason} `, '✓ Sun: passed', '2 recipes, 1 passed, 1 skipped, 0 failed'],
    junit: [`<skipped>${reason}</skipped>`],
    tap: [`ok 1 - Rain # SKIP ${reason}`, 'ok 2 - Sun\n  ---\n  duration_ms: '],
    json: [`"skipped": "${reason}"`],
    ndjson: [`"skipped":"${reason}"`],
    markdown: ['1 of 2 recipes passed, 1 skipped', `| ➖ | Rain, skipped: ${reason} |`, '| ✅ | Sun |'],
    nagios: [
      'OSRUN OK - 1 of 2 recipes passed, 1 skipped |',
      ' passed=1;;;0;2 failed=0;;;0;2 skipped=1;;;0;2 ',
    ],
    html: ['1 of 2 recipes passed, 1 skipped</h1>', `<span class="word skipped">skipped, ${reason}</span>`],
  }
  for (const [kind, texts] of Object.entries(wanted))
    for (const text of texts) expect(reports.get(kind), kind).toContain(text)
  expect(
    reports
      .get('prometheus')
      ?.match(/^osrun_run_skipped\{.*\} \d$/gm)
      ?.map((line) => line.slice(-1)),
  ).toEqual(['1', '0'])
})

test('steps that clean up are counted by no report', async () => {
  const sandbox = await startSandbox()
  const recipe = await recipeOf(`osrun: 1
name: Three steps
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: PUT \${endpoint}/counted
    defer: [{ request: "DELETE \${endpoint}/counted" }]
`)
  const { events } = await runToEnd(recipe, { cloud: await cloudOf(sandbox.environment) })
  await sandbox.close()
  for (const reporter of [terminalReporter, markdownReporter, htmlReporter]) {
    const text = await told(reporter, events)
    expect(text.match(/\b\d+ of \d+\b/g)).toContain('3 of 3')
    expect(text).not.toMatch(/of [45]\b/)
  }
})
