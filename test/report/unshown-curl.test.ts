import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReportOptions } from '../../src/model/reporter.ts'
import { terminalReporter } from '../../src/report/terminal/terminal.ts'
import { runRecipe } from '../../src/run/recipe/run-recipe.ts'
import { cloudOf, recipeOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const line = '    $ curl -I "$endpoint/photos" -H "X-Auth-Token: $token"\n'
const start = 'osrun: 1\nname: Fails\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n'

async function printed(steps: string, options: ReportOptions): Promise<string> {
  let text = ''
  const write = (more: string): void => {
    text += more
  }
  const run = runRecipe(await recipeOf(`${start}${steps}`), { cloud: await cloudOf(sandbox.environment) })
  await terminalReporter(run, { write, isTerminal: false, color: false, width: 80 }, options)
  return text
}

test.each(['brief', 'quiet'] as const)(
  'a failed step has its curl line where what passed is not told: %s',
  async (verbosity) => {
    const compared = '  - request: HEAD ${endpoint}/photos\n  - assert: { status: 201 }\n'
    for (const steps of [compared, '  - request: { url: "HEAD ${endpoint}/photos", expect: 201 }\n']) {
      const text = await printed(steps, { verbosity, curl: true })
      expect(text.split(line)).toHaveLength(2)
      expect(await printed(steps, { verbosity, curl: false })).not.toContain('$ curl')
    }
  },
)
