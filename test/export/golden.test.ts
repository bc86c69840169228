import { afterAll, beforeAll, expect, test } from 'vitest'
import { toHandout } from '../../src/export/markdown.ts'
import { runRecipe } from '../../src/library/index.ts'
import { constant } from '../report/constant.ts'
import { cloudOf, loadRecipe, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

test('the script of a recipe with rounds, a loop, retries and deferred steps', async () => {
  const cloud = await cloudOf({
    OS_AUTH_URL: 'https://keystone.example/v3',
    OS_USERNAME: 'learner',
    OS_PASSWORD: 'never in a script',
    OS_PROJECT_NAME: 'workshop',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
  })
  const script = await exported(await loadRecipe('recipes/container-fill.yaml'), cloud)
  await expect(script).toMatchFileSnapshot('../golden/export/container-fill.sh')
})

test('the hand-out of a recipe', async () => {
  const recipe = await loadRecipe('recipes/object-metadata.yaml')
  const text = await toHandout(recipe, runRecipe(recipe, { cloud: await cloudOf(sandbox.environment) }))
  const same = constant(text).replace(/[0-9a-f]{32}(?!\w)/g, 'HEX')
  await expect(same).toMatchFileSnapshot('../golden/export/object-metadata.md')
})
