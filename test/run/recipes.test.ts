import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shippedRecipes } from '../shipped-recipes.ts'
import { cloudOf, loadRecipe, runToEnd, type Sandbox, startSandbox } from './on-sandbox.ts'
import { formsOfSecret } from './secret-forms.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ record: true })
})
afterAll(() => sandbox.close())

const files = shippedRecipes

test('seven recipes ship', () => {
  expect(files.length).toBeGreaterThanOrEqual(7)
})

describe.each(files)('%s on the sandbox', (file) => {
  test('passes, leaves no token and shows no secret', async () => {
    const recipe = await loadRecipe(`recipes/${file}`)
    const cloud = await cloudOf(sandbox.environment)
    const { events, result } = await runToEnd(recipe, { cloud })
    expect(result.problem).toBeUndefined()
    expect(result).toMatchObject({ status: 'passed', exit: 0, leftovers: [] })
    expect(result.tokens.made).toBeGreaterThan(0)
    expect(result.tokens.revoked).toBe(result.tokens.made)
    expect(sandbox.liveTokens()).toEqual([])
    const text = JSON.stringify(events)
    const tokens = sandbox.requests.flatMap(({ headers }) =>
      headers.filter(([name]) => /^x-(auth|subject)-token$/i.test(name)).map(([, value]) => value),
    )
    for (const secret of [sandbox.environment.OS_PASSWORD ?? '', ...new Set(tokens)])
      for (const form of formsOfSecret(secret)) expect(text.includes(form)).toBe(false)
  })
})
