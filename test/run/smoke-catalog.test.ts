import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadRecipe, runToEnd } from './on-sandbox.ts'
import { skippingClock } from './skipping-clock.ts'
import { startSmallKeystone } from './small-keystone.ts'

test.each<readonly [string, string, string | undefined]>([
  ['a refusal', '/refused', undefined],
  ['a gateway without a service', '/broken', 'STATUS_UNEXPECTED'],
  ['a template of Keystone', '/v1/%(tenant_id)s', 'EXPECTATION_FAILED'],
  ['the other form of it', '/v1/$(project_id)s', 'EXPECTATION_FAILED'],
  ['a space', '/v1/a b', 'EXPECTATION_FAILED'],
])('an endpoint with %s', async (_what, path, code) => {
  const endpoint = (url: string) => ({ id: url, interface: 'public', region: 'R', url })
  const catalogOf = (base: string) => [
    { type: 'identity', name: 'keystone', endpoints: [endpoint(`${base}/v3`)] },
    { type: 'compute', name: 'nova', endpoints: [endpoint(`${base}${path}`)] },
  ]
  const keystone = await startSmallKeystone({
    login(_asked, response) {
      const { token } = JSON.parse(keystone.tokenBody()) as { readonly token: object }
      const body = JSON.stringify({ token: { ...token, catalog: catalogOf(keystone.base) } })
      response.writeHead(201, keystone.headersOf(keystone.nextToken())).end(body)
    },
    other({ path: asked }, response) {
      const catalog = catalogOf(keystone.base)
      const status = { '/refused': 401, '/broken': 502 }[asked] ?? 200
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ catalog }))
    },
  })
  const recipe = await loadRecipe('recipes/smoke/catalog-endpoints.yaml')
  const { result } = await runToEnd(recipe, { cloud: await keystone.cloud(), ...skippingClock() })
  expect(result.problem?.code).toBe(code)
  expect(result.exit).toBe(code === undefined ? 0 : 4)
})

const ofServices = readdirSync('recipes/smoke').filter((file) => !/^(identity|catalog|tls)-/.test(file))

test.each(ofServices)('smoke/%s is skipped on a cloud that has nothing but a Keystone', async (file) => {
  const keystone = await startSmallKeystone({
    login(_asked, response) {
      const { token } = JSON.parse(keystone.tokenBody()) as { readonly token: object }
      const body = JSON.stringify({ token: { ...token, catalog: [] } })
      response.writeHead(201, keystone.headersOf(keystone.nextToken())).end(body)
    },
  })
  const recipe = await loadRecipe(`recipes/smoke/${file}`)
  const { result } = await runToEnd(recipe, { cloud: await keystone.cloud() })
  expect(result.problem).toBeUndefined()
  expect(result.steps).toMatchObject({ passed: 1, skipped: recipe.steps.length - 1 })
})
