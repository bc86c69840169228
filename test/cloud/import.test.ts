import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { importRecipe } from '../../src/import/import-recipe.ts'
import type { KnownCloud } from '../../src/import/meaning/known-cloud.ts'
import { connect } from '../../src/library/index.ts'
import { recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { formsOfSecret } from '../run/secret-forms.ts'
import { cloudOf, environment, facts, isLive, state } from './cloud.ts'

let known: KnownCloud
beforeAll(async () => {
  const cloud = await cloudOf(environment)
  await using session = connect({ cloud })
  known = { cloud, token: await session.token() }
})

async function run(text: string) {
  const { result } = await runToEnd(await recipeOf(text), { cloud: await cloudOf(environment), environment })
  expect(result.problem).toBeUndefined()
  expect(result).toMatchObject({ status: 'passed', exit: 0, leftovers: [], tokens: { made: 1 } })
}

test.each(['test/fixtures/import/guide.sh', 'bench/guide-commands.sh'])(
  '%s, imported, runs on a real Keystone and Swift',
  async (file) => {
    const text = await readFile(file, 'utf8')
    await run(importRecipe({ file, text }).text)
    await run(importRecipe({ file, text }, { known }).text)
  },
)

test('the token that asked for the catalog is revoked', async () => {
  expect(await isLive(known.token.id)).toBe(false)
})

describe('what openstack --debug prints', () => {
  test.each([
    [['container', 'list']],
    [['object', 'save', 'photos', 'fullsize/ovh-summit-2014-backstage-DS.jpg', '--file', '/dev/null']],
    [['catalog', 'list']],
    [['token', 'issue']],
  ])('of %j becomes a recipe that runs, and holds no secret', async (words) => {
    const { stderr } = await promisify(execFile)('/usr/bin/openstack', ['--debug', ...words], {
      env: { ...environment, PATH: '/usr/bin:/bin', HOME: state },
      maxBuffer: 16 * 1024 * 1024,
    })
    const { text } = importRecipe({ file: 'debug.txt', text: stderr }, { known })
    expect(text).not.toContain('Guessed')
    if (words[0] !== 'catalog' && words[0] !== 'token')
      expect(text).toContain('- pick-endpoint: object-store\n')
    for (const form of formsOfSecret(facts.users.learner?.password ?? '')) expect(text).not.toContain(form)
    await run(text)
  })
})
