import { expect, test } from 'vitest'
import { loadRecipe } from '../run/on-sandbox.ts'
import { record, replay, timeless } from '../run/recorded.ts'
import { formsOfSecret } from '../run/secret-forms.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { cloudOf, environment, facts } from './cloud.ts'

const files = shippedRecipes

test.each(files)('%s, recorded on the real cloud, is replayed the same and holds no secret', async (file) => {
  const recipe = await loadRecipe(`recipes/${file}`)
  const live = await record([recipe], await cloudOf(environment), { environment })
  for (const form of formsOfSecret(facts.users.learner?.password ?? '')) expect(live.text).not.toContain(form)
  const again = await replay([recipe], live.text)
  expect(timeless(again)).toEqual(timeless(live))
  expect(again.result.exit).toBe(0)
})
