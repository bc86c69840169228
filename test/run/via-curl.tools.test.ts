import { afterAll, beforeAll, expect, test } from 'vitest'
import { shippedRecipes } from '../shipped-recipes.ts'
import { runBothWays } from './both-transports.ts'
import { cloudOf, type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const files = shippedRecipes

test.each(files)('%s tells the same events by curl as by undici', async (file) => {
  const { environment } = sandbox
  const [byUndici, byCurl] = await runBothWays(file, await cloudOf(environment), environment)
  expect(byCurl).toEqual(byUndici)
  expect(byUndici.length).toBeGreaterThan(5)
  expect(sandbox.liveTokens()).toEqual([])
})
