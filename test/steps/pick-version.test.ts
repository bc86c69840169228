import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, answeringServer } from '../run/answering-server.ts'
import { cloudOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { type Played, play } from './play.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

const project = 'fee040b1c4d24aeb985c3cdea1c3f363'
const current = (id: string, href: string, more = {}) => ({
  id,
  status: 'CURRENT',
  links: [{ rel: 'self', href }],
  ...more,
})

/** Runs steps on a cloud whose service has this path in its URL and says this; gives back what the server heard. */
async function playOn(
  type: string,
  path: string,
  said: (path: string, token: string | undefined) => Answer,
  steps: string,
): Promise<Played & { readonly heard: readonly string[]; readonly endpoint: string }> {
  const heard: string[] = []
  await using server = await answeringServer((_count, { url = '', headers }) => {
    const token = headers['x-auth-token']?.toString()
    heard.push(`${url}${token === undefined ? '' : ' with the token'}`)
    return said(url, token)
  })
  const cloud = await cloudOf(sandbox.environment)
  const played = await play(sandbox, `  - authenticate:\n${steps}`, {
    cloud: { ...cloud, endpointOverrides: { [type]: `${server.url}${path}` } },
  })
  return { ...played, heard, endpoint: String(played.context.endpoint).replace(server.url, '') }
}

describe('a version of an endpoint', () => {
  const documents: Readonly<Record<string, Answer>> = {
    '/': { status: 300, json: { versions: { values: [current('v3.14', 'http://192.0.2.1:5000/v3/')] } } },
    '/image/': { status: 300, json: { versions: [current('v2.15', 'http://192.0.2.1:9292/v2/')] } },
    '/compute/': {
      json: {
        versions: [
          current('v2.0', 'http://192.0.2.1/v2/', { status: 'SUPPORTED', min_version: '', version: '' }),
          current('v2.1', 'http://192.0.2.1/compute/v2.1/', { min_version: '2.1', version: '2.90' }),
        ],
      },
    },
    '/placement/': { json: { versions: [current('v1.0', '', { min_version: '1.0', max_version: '1.39' })] } },
    '/alone/v2/': { json: { version: current('v2.1', 'v2.1/') } },
  }
  test.each([
    ['image', '/image', '2', '/image/v2', '2.15', ['/image/']],
    ['image', '/image/', 'latest', '/image/v2', '2.15', ['/image/']],
    ['compute', '/compute', '2.1', '/compute/v2.1', '2.1', ['/compute/']],
    ['compute', '/compute/v2.1', '2.1', '/compute/v2.1', '2.1', []],
    ['compute', '/compute/v2.1', '2', '/compute/v2.1', '2.1', []],
    ['compute', '/compute/v2', '2.1', '/compute/v2.1', '2.1', ['/compute/']],
    ['compute', `/compute/v2/${project}`, '2.1', `/compute/v2.1/${project}`, '2.1', ['/compute/']],
    ['block-storage', `/v3/${project}`, '3', `/v3/${project}`, '3', []],
    ['block-storage', `/v2/${project}`, '3', `/v3/${project}`, '3.14', ['/']],
    ['placement', '/placement', '1', '/placement', '1.0', ['/placement/']],
    ['alarm', '/alone/v2', '2.1', '/alone/v2/v2.1', '2.1', ['/alone/', '/alone/v2/']],
    ['object-store', '/v1/AUTH_x', undefined, '/v1/AUTH_x', undefined, []],
  ])('of %s at %s that is to be %s is at %s', async (type, path, version, found, number, asked) => {
    const wish = version === undefined ? '' : `, version: ${version}`
    const { result, heard, endpoint } = await playOn(
      type,
      path,
      (url) => documents[url] ?? { status: 404, json: { error: { message: 'nothing here' } } },
      `  - pick-endpoint: { service: ${type}${wish} }\n${
        number === undefined ? '' : `  - assert: { context: { endpoint.version: "${number}" } }\n`
      }`,
    )
    expect(result.problem).toBeUndefined()
    expect(endpoint).toBe(found)
    expect(heard).toEqual(asked)
  })

  test('brings its microversions', async () => {
    const { result } = await playOn(
      'compute',
      '/compute',
      (url) => documents[url] ?? {},
      `  - pick-endpoint: { service: compute, version: 2.1 }
  - assert: { context: { endpoint.min_version: "2.1", endpoint.max_version: "2.90" } }
`,
    )
    expect(result.problem).toBeUndefined()
  })
})

test('a document is asked for once in a run, and is not the answer of a step', async () => {
  const { result, heard, exchanges } = await playOn(
    'image',
    '',
    (url) => (url === '/' ? { json: { versions: [current('v2.15', 'v2/')] } } : { status: 202, json: {} }),
    `  - pick-endpoint: { service: image, version: 2 }
  - request: GET \${endpoint}/images
  - pick-endpoint: { service: image, version: latest, as: other }
  - assert: { status: 202 }
`,
  )
  expect(result.problem).toBeUndefined()
  expect(heard).toEqual(['/', '/v2/images with the token'])
  expect(exchanges[1]?.curl).toMatch(/^curl -i http:\/\/127\.0\.0\.1:\d+\/ /)
})

test('a service that shows its versions to nobody is asked with the token', async () => {
  const { result, heard } = await playOn(
    'image',
    '',
    (_url, token) =>
      token === undefined ? { status: 401, json: {} } : { json: { versions: [current('v2.0', 'v2/')] } },
    '  - pick-endpoint: { service: image, version: 2 }\n',
  )
  expect(result.problem).toBeUndefined()
  expect(heard).toEqual(['/', '/ with the token'])
})

describe('what is not there', () => {
  test('is told with what is', async () => {
    const { result } = await playOn(
      'compute',
      '',
      () => ({
        json: {
          versions: [
            current('v2.1', 'v2.1/', { min_version: '2.1', version: '2.90' }),
            current('v3', 'v3/', { status: 'EXPERIMENTAL' }),
          ],
        },
      }),
      '  - pick-endpoint: { service: compute, version: 3 }\n',
    )
    expect(result).toMatchObject({ exit: 5, problem: { code: 'ENDPOINT_NOT_FOUND', at: { line: 5 } } })
    expect(result.problem?.hint).toBe('It has 2.1 (CURRENT, microversions 2.1 to 2.90), 3.0 (EXPERIMENTAL).')
  })

  test('may be the document', async () => {
    const { result } = await playOn(
      'compute',
      '/v2.1',
      () => ({ status: 404, json: {} }),
      '  - pick-endpoint: { service: compute, version: 3 }\n',
    )
    expect(result).toMatchObject({ exit: 5, problem: { code: 'ENDPOINT_NOT_FOUND' } })
    expect(result.problem?.hint).toMatch(/\/ \(404\), http:\/\/127\.0\.0\.1:\d+\/v2\.1\/ \(404\)/)
  })

  test('is never looked for in an object store', async () => {
    const { result, exchanges } = await play(
      sandbox,
      '  - authenticate:\n  - pick-endpoint: { service: swift, version: 2 }\n',
    )
    expect(result.problem).toMatchObject({ code: 'ENDPOINT_NOT_FOUND', at: { line: 5 } })
    expect(exchanges.some(({ exchange }) => exchange.method === 'GET' && exchange.url.includes('/v1'))).toBe(
      false,
    )
  })

  test.each(['x', '2.latest'])('may be a version: %s', async (version) => {
    const { result } = await play(
      sandbox,
      `  - authenticate:\n  - pick-endpoint: { service: identity, version: ${version} }\n`,
    )
    expect(result.problem).toMatchObject({ code: 'VALUE_INVALID', at: { line: 5 } })
  })
})

test("the sandbox's Keystone has version 3", async () => {
  const { result, context } = await play(
    sandbox,
    '  - authenticate:\n  - pick-endpoint: { service: identity, version: 3 }\n',
  )
  expect(result.problem).toBeUndefined()
  expect(context.endpoint).toMatch(/\/v3$/)
})
