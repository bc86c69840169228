import { afterAll, describe, expect, test } from 'vitest'
import { connect, loadRecipe } from '../../src/library/index.ts'
import { expectSameFailures } from '../export/same-failures.ts'
import { exported, runScript } from '../export/shell.ts'
import { startRecordingProxy } from '../recording-proxy.ts'
import { recipeOf } from '../run/on-sandbox.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { cloudOf, environment, facts, isLive } from './cloud.ts'

describe.each(['dash', 'bash'])('exported and run by %s on a real Keystone and Swift', (shell) => {
  test.each(shippedRecipes)('%s passes', async (file) => {
    const recipe = await loadRecipe(`recipes/${file}`)
    const script = await exported(recipe, await cloudOf(environment))
    const { status, stdout, stderr } = await runScript(script, [shell], environment)
    const isTold =
      /: skipped, (the catalog has no [\w -]+ service|token\.roles is .*|no item has .*)\.$|; it is sent again in /
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

test('a script that is longer than its token renews it', async () => {
  const short = { ...environment, OS_AUTH_URL: facts.shortLived.authUrl }
  const heads = '  - request: HEAD ${endpoint}/photos\n'
  const recipe = await recipeOf(
    `osrun: 1\nname: n\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n${heads}  - pause: ${facts.shortLived.seconds + 1}s\n${heads}`,
  )
  const proxy = await startRecordingProxy()
  const script = await exported(recipe, await cloudOf(short))
  const { status, stderr } = await runScript(script, ['dash'], { ...short, http_proxy: proxy.url })
  expect([status, stderr]).toEqual([0, ''])
  expect(proxy.takeMade().tokens).toHaveLength(2)
  await proxy.close()
})

describe('made to fail on a real Keystone and Swift', async () => {
  const cloud = await cloudOf(environment)
  const session = connect({ cloud })
  afterAll(() => session.close())
  const ask = async (url: string) => (await session.request('GET', url)).status

  test.concurrent.each(shippedRecipes)(
    '%s ends in its script as in osrun, and leaves nothing',
    { timeout: 300_000 },
    (file) => expectSameFailures(file, { cloud, environment, isLive, ask }),
  )
})
