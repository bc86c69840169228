import { describe, expect, test } from 'vitest'
import { shippedRecipes } from '../shipped-recipes.ts'
import { cloudOf, loadRecipe, startSandbox } from './on-sandbox.ts'
import { record, replay, timeless } from './recorded.ts'

describe('what was recorded on the sandbox and is replayed without it', () => {
  test.each(shippedRecipes)('%s tells the same events and ends the same', async (file) => {
    const sandbox = await startSandbox({ record: true })
    const { environment } = sandbox
    const recipe = await loadRecipe(`recipes/${file}`)
    const live = await record([recipe], await cloudOf(environment), { environment })
    const tokens = sandbox.requests.flatMap(({ headers }) =>
      headers.filter(([name]) => /^x-(auth|subject)-token$/i.test(name)).map(([, value]) => value),
    )
    await sandbox.close()
    for (const token of tokens) expect(live.text).not.toContain(token)
    const again = await replay([recipe], live.text)
    expect(timeless(again)).toEqual(timeless(live))
    expect(again.result.exit).toBe(0)
  })
})
