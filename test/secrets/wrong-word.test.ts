import { afterAll, beforeAll, expect, test } from 'vitest'
import { terminalReporter } from '../../src/report/terminal/terminal.ts'
import { runRecipe } from '../../src/run/recipe/run-recipe.ts'
import { constant } from '../report/constant.ts'
import { cloudOf, recipeOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

async function printed(password: string): Promise<string> {
  let text = ''
  const write = (more: string): void => {
    text += more
  }
  const recipe = await recipeOf('osrun: 1\nname: Login\nsteps:\n  - authenticate:\n')
  const run = runRecipe(recipe, { cloud: await cloudOf({ ...sandbox.environment, OS_PASSWORD: password }) })
  const output = { write, isTerminal: false, color: false, width: 80 }
  await terminalReporter(run, output, { verbosity: 'normal', curl: true })
  return constant(text)
}

// A reader of "requires ***entication" has read the password.
test.each(['auth', 'request', 'authentication', 'requires', 'authenticate', 'the', 'made'])(
  'a refused login looks the same where the wrong password is a word that Keystone says: %s',
  async (word) => {
    const other = await printed('qZ7-like-nothing-else')
    expect(other).toContain('The request you have made requires authentication.')
    expect(await printed(word)).toBe(other)
  },
)
