import { describe, expect, test } from 'vitest'
import { loadRecipe } from '../../src/index.ts'
import { exported, runScript } from '../export/shell.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { cloudOf, environment, facts } from './cloud.ts'

describe.each(['dash', 'bash'])('exported and run by %s on a real Keystone and Swift', (shell) => {
  test.each(shippedRecipes)('%s passes', async (file) => {
    const recipe = await loadRecipe(`recipes/${file}`)
    const script = await exported(recipe, await cloudOf(environment))
    const { status, stdout, stderr } = await runScript(script, [shell], environment)
    const isTold =
      /: skipped, (the catalog has no [\w -]+ service|token\.roles is .*|urls is .*)\.$|; it is sent again in /
    expect(stderr.split('\n').filter((line) => line !== '' && !isTold.test(line))).toEqual([])
    expect(status).toBe(0)
    expect(stdout).toMatch(/passed\n$/)
    expect(stdout).not.toContain(facts.users.learner?.password)
  })

  test('the script finds Keystone from a URL without a version, by itself', async () => {
    const script = await exported(await loadRecipe('recipes/catalog-list.yaml'))
    for (const url of [`${facts.rootUrl}/`, facts.rootUrl, `${facts.authUrl}//`]) {
      const { status, stderr } = await runScript(script, [shell], { ...environment, OS_AUTH_URL: url })
      expect([status, stderr]).toEqual([0, ''])
    }
  })

  test('a wrong password ends with 5', async () => {
    const script = await exported(await loadRecipe('recipes/object-metadata.yaml'))
    const { status } = await runScript(script, [shell], { ...environment, OS_PASSWORD: 'not this' })
    expect(status).toBe(5)
  })
})
