import { afterAll, beforeAll, expect, test } from 'vitest'
import { cloudOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { play } from './play.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const account = '/v1/AUTH_fee040b1c4d24aeb985c3cdea1c3f363'
test.each([
  ['object-store', account],
  ['object_store', account],
  ['swift', account],
  ['"${kind}"', account],
  ['{ service: object-store, region: RegionTwo }', `/region-two${account}`],
  ['{ service: object-store, region: "${where}" }', `/region-two${account}`],
  ['{ service: object-store, interface: admin }', ''],
  ['{ service: object-store, interface: adminURL }', ''],
  ['{ service: object-store, interface: [admin, public] }', ''],
  ['{ service: object-store, interface: ["${side}"] }', ''],
  ['{ service: object-store, service-name: swift }', account],
])('%s is the one that ends in %s', async (input, path) => {
  const { result, context } = await play(sandbox, `  - authenticate:\n  - pick-endpoint: ${input}\n`, {
    head: 'inputs: { kind: object-store, where: RegionTwo, side: admin }\n',
  })
  expect(result.problem).toBeUndefined()
  expect(context.endpoint).toBe(`${sandbox.url}${path}`)
})

test.each([
  ['compute', 'identity, object-store'],
  ['{ service: object-store, region: RegionThree }', 'RegionTwo'],
  ['{ service: object-store, service-name: ceph }', ''],
])('%s does not exist, and the hint says what does', async (input, known) => {
  const { result } = await play(sandbox, `  - authenticate:\n  - pick-endpoint: ${input}\n`)
  expect(result).toMatchObject({ exit: 5, problem: { code: 'ENDPOINT_NOT_FOUND', at: { line: 5 } } })
  expect(`${result.problem?.message} ${result.problem?.hint}`).toContain(known)
})

test('as sets another name with its fields', async () => {
  const { result, exchanges } = await play(
    sandbox,
    `  - authenticate:
  - pick-endpoint: { service: object-store, region: RegionTwo, as: far-store }
  - pick-endpoint: object-store
  - request: HEAD \${far-store}
  - assert: { context: { far-store.region: RegionTwo, far-store.interface: public, far-store.service: object-store, far-store.name: swift, endpoint.region: RegionOne } }
`,
  )
  expect(result.problem).toBeUndefined()
  expect(exchanges[1]?.curl).toContain('"$far_store"')
})

test('a token without a catalog has no endpoint', async () => {
  const { result } = await play(
    sandbox,
    '  - authenticate: { nocatalog: true }\n  - pick-endpoint: object-store\n',
  )
  expect(result).toMatchObject({ exit: 5, problem: { code: 'CATALOG_EMPTY' } })
})

test("the cloud's override comes before the catalog", async () => {
  const cloud = await cloudOf(sandbox.environment)
  const override = `${sandbox.url}/region-two/v1/AUTH_%(project_id)s`
  const { context } = await play(sandbox, '  - authenticate:\n  - pick-endpoint: object-store\n', {
    cloud: { ...cloud, endpointOverrides: { 'object-store': override } },
  })
  expect(context.endpoint).toBe(`${sandbox.url}/region-two${account}`)
})
