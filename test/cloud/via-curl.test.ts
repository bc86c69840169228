import { expect, test } from 'vitest'
import { runBothWays } from '../run/both-transports.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { cloudOf, environment } from './cloud.ts'

const files = shippedRecipes

test.each(files)('%s tells the same events by curl as by undici', async (file) => {
  const [byUndici, byCurl] = await runBothWays(file, await cloudOf(environment), environment)
  expect(byCurl).toEqual(byUndici)
  expect(byUndici.length).toBeGreaterThan(5)
})
