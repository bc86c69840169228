import { afterAll, beforeAll, expect, test } from 'vitest'
import { toHandout } from '../../src/export/markdown.ts'
import { runRecipe } from '../../src/library/index.ts'
import { cloudOf, loadRecipe, recipeOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { assertNoSecret } from '../secrets/canary.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

test('the guide is made of its recipe: notes, commands and masked answers', async () => {
  const recipe = await loadRecipe('recipes/object-metadata.yaml')
  const text = await toHandout(recipe, runRecipe(recipe, { cloud: await cloudOf(sandbox.environment) }))
  assertNoSecret(text, 'the hand-out')
  expect(text).toContain("# Read an object's metadata\n")
  expect(text).toContain('| `container` | `photos` |')
  expect(text).toContain('## 1. authenticate\n\nThe token comes back in a *header*, X-Subject-Token')
  expect(text).toContain(
    '```sh\ncurl -I "$endpoint/photos/fullsize/ovh-summit-2014-backstage-DS.jpg" -H "X-Auth-Token: $token"\n```\n\n```text\n200 OK\n',
  )
  expect(text).toMatch(/X-Subject-Token: \*+|X-Subject-Token: \$token/i)
  expect(text).toContain('This gives `size`: `190046`')
})

test('text from a recipe or a server can neither end a fence nor become Markdown', async () => {
  const recipe = await recipeOf(
    'osrun: 1\nname: "<b>*x*"\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n  - request: { url: "PUT ${endpoint}/photos/fence", headers: { Content-Type: text/plain }, body: "```\\n# no heading" }\n  - request: GET ${endpoint}/photos/fence\n  - assert: { status: 418 }\n',
  )
  const text = await toHandout(recipe, runRecipe(recipe, { cloud: await cloudOf(sandbox.environment) }))
  expect(text).toContain('# \\<b\\>\\*x\\*\n')
  expect(text).toContain('````text\n200 OK')
  expect(text).toContain('**Not as expected:** status: expected 418, found 200.')
})
