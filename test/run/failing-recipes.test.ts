import { afterAll, beforeAll, expect, test } from 'vitest'
import { failingEarly, failingLate } from '../failing-recipes.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { cloudOf, runToEnd, type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

test.each(shippedRecipes)('%s, made to fail at its begin and at its end, leaves nothing', async (file) => {
  const cloud = await cloudOf(sandbox.environment)
  for (const fail of [failingEarly, failingLate]) {
    const recipe = fail(file)
    const { result } = await runToEnd(recipe, { cloud })
    // The last step may be one for a service, or for endpoints, that the sandbox does not have.
    if (recipe.steps.every(({ when, where }) => when === undefined && where === undefined))
      expect([4, 5]).toContain(result.exit)
    // A deferred step may want what the step that failed at once would have captured.
    if (fail === failingLate) expect(result.leftovers).toEqual([])
    expect(result.tokens.revoked).toBe(result.tokens.made)
    expect(sandbox.liveTokens()).toEqual([])
  }
})
