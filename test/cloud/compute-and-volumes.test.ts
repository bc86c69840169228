import { expect, test } from 'vitest'
import { loadRecipe } from '../../src/library/index.ts'
import { recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { cloudOf, environment, facts } from './cloud.ts'

// The projects of the others are shown no compute and no block storage: nothing stands behind these APIs.
const administrator = {
  ...environment,
  OS_USERNAME: facts.admin.name,
  OS_PASSWORD: facts.admin.password,
  OS_PROJECT_NAME: 'admin',
}

test.each([
  'compute-limits',
  'compute-servers',
  'volume-list',
  'services-up',
  'catalog-links',
  'catalog-endpoints',
])('smoke/%s passes on a real Nova, Cinder and Neutron, and skips nothing', async (name) => {
  const { result } = await runToEnd(await loadRecipe(`recipes/smoke/${name}.yaml`), {
    cloud: await cloudOf(administrator),
  })
  expect(result.problem).toBeUndefined()
  expect(result).toMatchObject({ exit: 0, steps: { skipped: 0 }, leftovers: [] })
})

test('a default microversion is kept by a real Nova and a real Cinder, and does not trouble a Keystone', async () => {
  const run = async (microversion: string) => {
    const recipe = await recipeOf(`osrun: 1
name: Defaults
defaults: { microversion: "${microversion}" }
steps:
  - authenticate:
  - pick-endpoint: compute
  - request: GET \${endpoint}/flavors/detail
    capture: { compute: headers.openstack-api-version }
  - pick-endpoint: { service: block-storage, as: volumes }
  - request: GET \${volumes}/types
    capture: { volume: headers.openstack-api-version }
  - request: GET \${token.identity_url}/auth/projects
outputs: [compute, volume]
`)
    return (await runToEnd(recipe, { cloud: await cloudOf(administrator) })).result
  }
  expect(await run('compute 2.90')).toMatchObject({
    outputs: { compute: 'compute 2.90', volume: 'volume 3.0' },
  })
  expect(await run('volume 3.59')).toMatchObject({
    outputs: { compute: 'compute 2.1', volume: 'volume 3.59' },
  })
})

test('a key pair of a real Nova is made and deleted', async () => {
  const recipe = await recipeOf(`osrun: 1
name: A keypair
steps:
  - authenticate:
  - pick-endpoint: compute
  - request:
      url: POST \${endpoint}/os-keypairs
      json: { keypair: { name: "osrun-\${run.id}" } }
    capture: { pair: $.keypair.name }
    defer: [{ request: { url: "DELETE \${endpoint}/os-keypairs/\${pair}", expect: 202 } }]
  - request: { url: "GET \${endpoint}/os-keypairs/\${pair}" }
  - assert: { json: { $.keypair.name: "\${pair}" } }
`)
  const { result } = await runToEnd(recipe, { cloud: await cloudOf(administrator) })
  expect(result.problem).toBeUndefined()
  expect(result.leftovers).toEqual([])
})
