import { expect, test } from 'vitest'
import { loadMain } from '../run/included.ts'
import { cloudOf, recipeOf } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'

const environment = {
  OS_AUTH_URL: 'https://keystone.example/v3',
  OS_USERNAME: 'learner',
  OS_PASSWORD: 'never in a script',
  OS_PROJECT_NAME: 'workshop',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_DOMAIN_NAME: 'Default',
}

const recipe = recipeOf(
  'osrun: 1\nname: Language\ndefaults: { region: RegionOne }\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n',
)

test('a flag at the export comes before the region of defaults', async () => {
  const cloud = await cloudOf(environment)
  const valueSources = [{ option: 'region_name', value: 'RegionTwo', secret: false, from: '--region' }]
  expect(await exported(await recipe, cloud)).toContain('object-store RegionOne')
  expect(await exported(await recipe, { ...cloud, region: 'RegionTwo', valueSources })).not.toContain(
    'object-store RegionOne',
  )
})

test.each(['include: _a.yaml', 'run: echo', 'pause: ${env.X}'])(
  '%s is refused with its place',
  async (step) => {
    const main = `osrun: 1\nsteps:\n  - authenticate:\n  - ${step}\n`
    const loaded = await loadMain({ 'main.yaml': main, '_a.yaml': 'osrun: 1\nsteps: [{ authenticate: }]\n' })
    await expect(exported(loaded, undefined)).rejects.toMatchObject({
      code: 'EXPORT_IMPOSSIBLE',
      at: { line: 4 },
    })
  },
)
