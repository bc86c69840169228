import { afterAll, beforeAll, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { expectPasses, hasScript, recipes } from './documented-recipes.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

test.each(recipes.filter(hasScript))('the recipe at $file:$line passes on the sandbox', (recipe) =>
  expectPasses(recipe, sandbox),
)
