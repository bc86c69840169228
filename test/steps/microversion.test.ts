import type { IncomingHttpHeaders } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answeringServer } from '../run/answering-server.ts'
import { cloudOf, recipeOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { type Played, play } from './play.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

type Said = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
}

/** Runs steps on a cloud whose service of that type is a server that says this; gives back what the server heard. */
async function playOn(
  type: string,
  steps: string,
  said: Said = {},
): Promise<Played & { readonly heard: readonly IncomingHttpHeaders[] }> {
  const heard: IncomingHttpHeaders[] = []
  await using server = await answeringServer((_count, { headers }) => {
    heard.push(headers)
    return said
  })
  const cloud = await cloudOf(sandbox.environment)
  const played = await play(sandbox, `  - authenticate:\n${steps.replaceAll('URL', server.url)}`, {
    cloud: { ...cloud, endpointOverrides: { [type]: server.url } },
  })
  return { ...played, heard }
}

describe('the service is that of', () => {
  test.each([
    ['compute', 'compute', '  - request: { url: /servers, microversion: 2.90 }', 'compute 2.90', '2.90'],
    [
      'compute',
      'compute',
      '  - request: { url: "${endpoint}/servers", microversion: "2.9" }',
      'compute 2.9',
      '2.9',
    ],
    ['block-storage', 'volumev3', '  - request: { url: /volumes, microversion: latest }', 'volume latest'],
    [
      'baremetal',
      '{ service: ironic, as: metal }',
      '  - request: { url: "${metal}/v1/nodes", microversion: 1.78 }',
      'baremetal 1.78',
    ],
    [
      'compute',
      'compute',
      '  - request: { url: URL/servers, microversion: compute 2.1 }',
      'compute 2.1',
      '2.1',
    ],
  ])('%s as %s: %s', async (type, picked, request, common, older?: string) => {
    const { result, heard, exchanges } = await playOn(type, `  - pick-endpoint: ${picked}\n${request}\n`)
    expect(result.problem).toBeUndefined()
    expect(heard[0]).toMatchObject({
      'openstack-api-version': common,
      ...(older !== undefined && { 'x-openstack-nova-api-version': older }),
    })
    expect(exchanges[1]?.curl).toContain(`-H 'OpenStack-API-Version: ${common}'`)
  })

  test('a URL of the catalog', async () => {
    const { result } = await play(
      sandbox,
      `  - authenticate:\n  - request: { url: "${sandbox.url}/v1/AUTH_fee040b1c4d24aeb985c3cdea1c3f363", microversion: 2.1 }\n`,
    )
    expect(result.problem).toMatchObject({
      code: 'VALUE_INVALID',
      at: { line: 5 },
      message: expect.stringContaining('object-store'),
    })
    expect(result.exit).toBe(3)
  })

  test('nothing: that is an error before the request', async () => {
    const { result, heard } = await playOn(
      'compute',
      '  - request: { url: URL/servers, microversion: 2.90 }\n',
    )
    expect(result.problem).toMatchObject({ code: 'VALUE_INVALID', at: { line: 5 } })
    expect(heard).toEqual([])
  })
})

describe('the answer', () => {
  const ask = '  - pick-endpoint: compute\n  - request: { url: /servers, microversion: VERSION }\n'

  test.each([
    ['2.90', { 'OpenStack-API-Version': 'compute 2.90' }, undefined],
    ['2.90', { 'X-OpenStack-Nova-API-Version': '2.90' }, undefined],
    ['2.90', { 'OpenStack-API-Version': 'compute 2.9' }, '2.9,'],
    ['2.90', {}, 'ignored microversion 2.90'],
    ['latest', { 'OpenStack-API-Version': 'compute 2.96' }, 'is 2.96'],
  ])('to %s with %o is told with %s', async (version, headers, told) => {
    const { result, notices } = await playOn('compute', ask.replace('VERSION', version), { headers })
    expect(result.problem).toBeUndefined()
    if (told === undefined) expect(notices).toEqual([])
    else expect(notices).toEqual([expect.stringContaining(told)])
  })

  test('406 is a failure that says which versions there are', async () => {
    const { result } = await playOn('compute', ask.replace('VERSION', '9.90'), {
      status: 406,
      json: { errors: [{ status: 406, min_version: '2.1', max_version: '2.90' }] },
    })
    expect(result).toMatchObject({ exit: 4, problem: { code: 'STATUS_UNEXPECTED' } })
    expect(result.problem?.hint).toBe('compute has the microversions 2.1 to 2.90; 9.90 was asked for.')
  })
})

describe('what is written wrong is known before anything is sent', () => {
  test.each([
    ['{ url: /x, microversion: 2 }', 'no microversion'],
    ['{ url: /x, microversion: 2.latest }', 'no microversion'],
    ['{ url: /x, microversion: compue 2.90 }', 'compue'],
    ['{ url: /x, microversion: object-store 2.90 }', 'object-store'],
    [
      '{ url: /x, microversion: 2.90, headers: { openstack-api-version: compute 2.1 } }',
      'openstack-api-version',
    ],
    [
      '{ url: /x, microversion: 2.90, headers: { X-OpenStack-Nova-API-Version: 2.1 } }',
      'X-OpenStack-Nova-API-Version',
    ],
  ])('%s', async (request, word) => {
    const steps = `  - authenticate:\n  - pick-endpoint: object-store\n  - request: ${request}\n`
    await expect(play(sandbox, steps)).rejects.toMatchObject({
      problems: [{ code: 'RECIPE_INVALID', at: { line: 6 }, message: expect.stringContaining(word) }],
    })
  })

  test('a template is judged when it has its value', async () => {
    const { result } = await playOn(
      'compute',
      '  - pick-endpoint: compute\n  - request: { url: /x, microversion: "${endpoint.region}" }\n',
    )
    expect(result.problem).toMatchObject({ code: 'VALUE_INVALID', at: { line: 6 } })
  })
})

describe('one that defaults give', () => {
  test.each([
    ['2.90', ['compute 2.90', 'compute 2.1', 'compute 2.2', undefined]],
    ['compute latest', ['compute latest', 'compute 2.1', 'compute 2.2', undefined]],
    ['placement 1.30', [undefined, 'compute 2.1', 'compute 2.2', undefined]],
  ])('as %s is for the services that have some, unless the step says another', async (wish, versions) => {
    const { result, heard } = await playOn(
      'compute',
      `  - pick-endpoint: compute
  - request: /a
  - request: { url: /b, microversion: 2.1 }
  - request: { url: /c, headers: { openstack-api-version: compute 2.2 } }
  - request: { url: URL/d, token: false }
  - pick-endpoint: object-store
  - request: HEAD /photos
defaults: { microversion: ${wish} }
`,
    )
    expect(result.problem).toBeUndefined()
    expect(heard.map((headers) => headers['openstack-api-version'])).toEqual(versions)
  })

  test('and is none is told at its place before anything is sent', async () => {
    const text = 'osrun: 1\nname: M\nsteps:\n  - request: GET http://h/\ndefaults: { microversion: 2 }\n'
    await expect(recipeOf(text)).rejects.toMatchObject({
      problems: [{ code: 'RECIPE_INVALID', at: { line: 5 } }],
    })
  })
})
