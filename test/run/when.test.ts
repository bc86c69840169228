import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingServices } from '../../src/openstack/catalog/missing-services.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ record: true })
})
afterAll(() => sandbox.close())

async function resultOf(when: string, keys = '') {
  const recipe = await recipeOf(
    [
      'osrun: 1',
      'name: n',
      'inputs: { region: SBG1, count: 2 }',
      'steps:',
      '  - authenticate:',
      '  - pick-endpoint: object-store',
      '  - id: judged',
      '    request: PUT /photos/when-${run.id}',
      `    when: ${when}`,
      '    capture: { tag: headers.etag }',
      '    defer: [{ request: "DELETE /photos/when-${run.id}" }]',
      keys,
    ].join('\n'),
  )
  const before = sandbox.requests.length
  const { events, result } = await runToEnd(recipe, {
    cloud: await cloudOf(sandbox.environment),
    environment: { CI: 'true' },
  })
  const step = events.flatMap((event) =>
    event.type === 'step:end' && event.step === 'judged' ? [event.result] : [],
  )[0]
  const asked = sandbox.requests.slice(before).map(({ method }) => method)
  return { events, result, step, asked }
}

describe('a step whose when holds runs', () => {
  test.each([
    '{ region: SBG1 }',
    '{ region: [GRA, SBG1] }',
    '{ count: { minimum: 2 } }',
    '{ env.CI: true }',
    '{ endpoint.region: RegionOne, token.project.name: workshop }',
    '{ endpoint: { pattern: ^http } }',
    '{ region: "${region}" }',
    '{ service: object-store }',
    '{ service: [object-store, identity] }',
    '{ service: swift }',
    '{ service: "${endpoint.service}", count: 2 }',
  ])('%s', async (when) => {
    const { step, asked } = await resultOf(when)
    expect(step).toEqual({ status: 'passed' })
    expect(asked).toContain('PUT')
  })
})

describe('a step whose when does not hold is skipped, and the reason says why', () => {
  test.each([
    ['{ region: GRA }', 'region is "SBG1", expected "GRA"'],
    ['{ region: SBG1, count: { minimum: 3 } }', 'count is 2, expected at least 3'],
    ['{ env.NOT_SET: true }', 'env.NOT_SET has no value, expected true'],
    [
      '{ token.project: { properties: { name: { const: x } } } }',
      'token.project.name is "workshop", expected "x"',
    ],
    ['{ service: orchestration }', 'the catalog has no orchestration service'],
    ['{ service: [object-store, compute, dns] }', 'the catalog has no compute and no dns service'],
  ])('%s', async (when, reason) => {
    const { events, result, step, asked } = await resultOf(when)
    expect(step).toEqual({ status: 'skipped', reason })
    expect(result).toMatchObject({
      status: 'passed',
      exit: 0,
      steps: { passed: 2, skipped: 1 },
      leftovers: [],
    })
    // Nothing was captured or deferred.
    expect(asked).toEqual(['POST', 'DELETE'])
    expect(events.some((event) => event.type === 'context' && event.name === 'tag')).toBe(false)
  })
})

test('when is judged before for-each', async () => {
  const { step } = await resultOf('{ region: GRA }', '    for-each: ${region}')
  expect(step).toMatchObject({ status: 'skipped' })
})

test('steps after a skipped one run', async () => {
  const { result } = await resultOf('{ region: GRA }', '  - request: HEAD /photos')
  expect(result).toMatchObject({ status: 'passed', steps: { passed: 3, skipped: 1 } })
})

test('a value that cannot be rendered is an error, not a reason to skip', async () => {
  const { result } = await resultOf('{ region: "${env.NOT_SET}" }')
  expect(result).toMatchObject({ status: 'errored', problem: { code: 'VALUE_MISSING', at: { line: 9 } } })
})

test('a deferred step may be skipped as well', async () => {
  const recipe = await recipeOf(
    'osrun: 1\nname: n\nsteps:\n  - authenticate:\n    defer:\n      - request: GET ${token.identity_url}/nothing\n        when: { service: dns }\n',
  )
  const { result } = await runToEnd(recipe, { cloud: await cloudOf(sandbox.environment) })
  expect(result).toMatchObject({ status: 'passed', exit: 0, leftovers: [] })
})

describe('a service', () => {
  const endpoint = { id: 'e', interface: 'public', region: 'GRA', url: 'http://127.0.0.1/' }
  const catalog = [
    { id: '1', type: 'volumev3', name: 'cinder', endpoints: [endpoint] },
    { id: '2', type: 'dns', name: 'designate', endpoints: [] },
  ]
  test.each([
    [['block-storage', 'volumev3', 'cinder', 'block_storage'], []],
    [['volumev2'], ['volumev2']],
    [['dns'], ['dns']],
    [['image'], []],
  ])('%j: missing are %j', (wanted, missing) => {
    expect(missingServices(catalog, wanted, { image: 'http://127.0.0.1/image' })).toEqual(missing)
  })
})

test('a secret of the environment is hidden also where its name is a key', async () => {
  const recipe = await recipeOf(
    'osrun: 1\nname: n\nsteps:\n  - authenticate:\n    when: { env.MY_PASSWORD: x }\n  - assert: { context: { env.MY_TOKEN: x } }\n',
  )
  const environment = { MY_PASSWORD: 'hidden-in-a-reason', MY_TOKEN: 'hidden-in-a-difference' }
  const { events, result } = await runToEnd(recipe, { environment })
  expect(result).toMatchObject({ status: 'failed', steps: { skipped: 1, failed: 1 } })
  expect(JSON.stringify(events)).not.toContain('hidden-in')
})
