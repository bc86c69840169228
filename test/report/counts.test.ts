import { expect, test } from 'vitest'
import type { Reporter } from '../../src/model/reporter.ts'
import { htmlReporter } from '../../src/report/html/html.ts'
import { markdownReporter } from '../../src/report/markdown.ts'
import { terminalReporter } from '../../src/report/terminal.ts'
import { runSuite } from '../../src/run/run-suite.ts'
import { cloudOf, recipeOf, runToEnd, startSandbox } from '../run/on-sandbox.ts'

test('a recipe that only logs in is told as skipped, with the reason, and is counted so', async () => {
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
  let text = ''
  const output = {
    write(part: string) {
      text += part
    },
    isTerminal: false,
    color: false,
    width: 80,
  }
  await terminalReporter(suite, output, { verbosity: 'quiet', curl: false })
  await sandbox.close()
  expect(text).toContain('- Rain: skipped, the catalog has no compute service ')
  expect(text).toContain('✓ Sun: passed')
  expect(text).toContain('2 recipes, 1 passed, 1 skipped, 0 failed')
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
  const reporters: readonly Reporter[] = [terminalReporter, markdownReporter, htmlReporter]
  for (const reporter of reporters) {
    let text = ''
    const output = {
      write(part: string) {
        text += part
      },
      isTerminal: false,
      color: false,
      width: 80,
    }
    const all = (async function* () {
      yield* events
    })()
    await reporter(all, output, { verbosity: 'normal', curl: false })
    expect(text.match(/\b\d+ of \d+\b/g)).toContain('3 of 3')
    expect(text).not.toMatch(/of [45]\b/)
  }
})
