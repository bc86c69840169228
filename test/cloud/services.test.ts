import { describe, expect, test } from 'vitest'
import { runOsrun } from '../cli/osrun.ts'
import { recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { cloudOf, environment, facts } from './cloud.ts'

const administrator = {
  ...environment,
  OS_USERNAME: facts.admin.name,
  OS_PASSWORD: facts.admin.password,
}

async function run(steps: string, variables: Readonly<Record<string, string>> = environment) {
  const recipe = await recipeOf(`osrun: 1\nname: Real services\nsteps:\n  - authenticate:\n${steps}`)
  const { events, result } = await runToEnd(recipe, { cloud: await cloudOf(variables) })
  return {
    result,
    notices: events.flatMap((event) => (event.type === 'notice' ? [event.message] : [])),
    exchanges: events.flatMap((event) => (event.type === 'exchange' ? [event.exchange] : [])),
  }
}

describe('an image on a real Glance', () => {
  test('is made, filled, read back and deleted', async () => {
    const { result } = await run(`
  - pick-endpoint: image
  - request:
      url: POST \${endpoint}/v2/images
      json: { name: "osrun-\${run.id}", disk_format: raw, container_format: bare }
      expect: 201
    capture: { image: $.id }
    defer:
      - request: { url: "DELETE \${endpoint}/v2/images/\${image}", expect: [204, 404] }
  - request:
      url: PUT \${endpoint}/v2/images/\${image}/file
      headers: { Content-Type: application/octet-stream }
      body: a very small image
      expect: 204
  - request: GET \${endpoint}/v2/images/\${image}
    until: { json: { $.status: active } }
    timeout: 20s
  - assert: { json: { $.size: 18, $.os_hash_algo: sha512 } }
  - request: GET \${endpoint}/v2/images/\${image}/file
  - assert: { body: a very small image }
`)
    expect(result.problem).toBeUndefined()
    expect(result).toMatchObject({ status: 'passed', leftovers: [] })
  })

  test('is one of several pages', async () => {
    const { result, exchanges } = await run(`
  - pick-endpoint: image
  - for-each: [a, b, c]
    request:
      url: POST \${endpoint}/v2/images
      json: { name: "\${item}", tags: ["\${run.id}"], disk_format: raw, container_format: bare }
    capture: { image: $.id }
    defer:
      - request: DELETE \${endpoint}/v2/images/\${image}
  - request:
      url: GET \${endpoint}/v2/images
      query: { limit: 1, tag: "\${run.id}", sort: "name:asc" }
      all-pages: true
    capture: { names: "$.images[*].name" }
  - assert: { context: { names: { const: [a, b, c] }, response.pages: 4 } }
`)
    expect(result.problem).toBeUndefined()
    expect(exchanges.filter(({ url }) => url.includes('marker='))).toHaveLength(3)
  })
})

test('networks of a real Neutron come in pages', async () => {
  const { result } = await run(`
  - pick-endpoint: network
  - for-each: [a, b, c]
    request:
      url: POST \${endpoint}/v2.0/networks
      json: { network: { name: "\${run.id}-\${item}" } }
      expect: 201
    capture: { network: $.network.id }
    defer:
      - request: { url: "DELETE \${endpoint}/v2.0/networks/\${network}", expect: 204 }
  - request:
      url: GET \${endpoint}/v2.0/networks
      query: { limit: 2, sort_key: name, sort_dir: desc, fields: [id, name] }
      all-pages: true
    capture: { names: "$.networks[*].name" }
  - assert:
      json: { "$.networks": { minItems: 3 }, "$.networks[0].name": "\${run.id}-c", "$.networks[2].name": "\${run.id}-a" }
      context: { response.pages: 2 }
`)
  expect(result.problem).toBeUndefined()
  expect(result.leftovers).toEqual([])
})

test('a Keystone that has no pages gives one', async () => {
  const { result } = await run(
    `
  - request: { url: "GET \${token.identity_url}/users", all-pages: true }
  - assert: { json: { $.users: { minItems: 5 } }, context: { response.pages: 1 } }
`,
    administrator,
  )
  expect(result.problem).toBeUndefined()
})

describe('microversions of a real Placement', () => {
  const ask = (version: string) => `
  - pick-endpoint: placement
  - request: { url: "GET \${endpoint}/traits", query: { name: "startswith:HW_CPU_X86_AVX" }, microversion: ${version} }
`

  test('are kept', async () => {
    const { result, notices, exchanges } = await run(ask('1.10'), administrator)
    expect(result.problem).toBeUndefined()
    expect(notices).toEqual([])
    expect(exchanges[1]?.responseHeaders).toContainEqual([
      expect.stringMatching(/^openstack-api-version$/i),
      'placement 1.10',
    ])
  })

  test('are told for latest', async () => {
    const { result, notices } = await run(ask('latest'), administrator)
    expect(result.problem).toBeUndefined()
    expect(notices).toEqual([expect.stringMatching(/^The latest microversion of placement is 1\.\d\d\.$/)])
  })

  test('are told when one is refused', async () => {
    const { result } = await run(ask('99.9'), administrator)
    expect(result).toMatchObject({ exit: 4, problem: { code: 'STATUS_UNEXPECTED' } })
    expect(result.problem?.hint).toMatch(
      /^placement has the microversions 1\.0 to 1\.\d\d; 99\.9 was asked for\.$/,
    )
  })

  test('are not those of a Glance, and that is known before the request', async () => {
    const { result, exchanges } = await run(`
  - pick-endpoint: image
  - request: { url: "GET \${endpoint}/v2/images", microversion: 2.1 }
`)
    expect(result.problem).toMatchObject({ code: 'VALUE_INVALID' })
    expect(exchanges.some(({ url }) => url.includes('/v2/images'))).toBe(false)
  })
})

test.each([
  ['image', '2', /:\d+\/v2$/, '2.15'],
  ['image', 'latest', /:\d+\/v2$/, '2.15'],
  ['network', '2', /:\d+\/v2\.0$/, '2.0'],
  ['placement', '1', /:\d+$/, '1.0'],
  ['identity', 'latest', /:\d+\/v3$/, '3.14'],
  ['identity', '3', /:\d+\/v3$/, '3'],
])('the real %s at version %s', async (service, version, url, number) => {
  const { result } = await run(`
  - pick-endpoint: { service: ${service}, version: ${version}${service === 'identity' ? ', region: GRA1' : ''} }
  - assert: { context: { endpoint: { pattern: ${JSON.stringify(url.source)} }, endpoint.version: "${number}" } }
`)
  expect(result.problem).toBeUndefined()
})

test('a version that no real service has is told with those that there are', async () => {
  for (const service of ['image', 'network', 'identity']) {
    const { result } = await run(`  - pick-endpoint: { service: ${service}, version: 9 }\n`)
    expect(result).toMatchObject({ exit: 5, problem: { code: 'ENDPOINT_NOT_FOUND' } })
    expect(result.problem?.hint).toMatch(/^It has \d\.\d+ \((CURRENT|STABLE)\)/)
  }
})

test('a real Swift has no document of its versions', async () => {
  const { result } = await run('  - pick-endpoint: { service: object-store, version: 2 }\n')
  expect(result.problem).toMatchObject({ code: 'ENDPOINT_NOT_FOUND' })
})

test('osrun catalog lists the real services with their versions', async () => {
  const { status, stdout } = await runOsrun(
    ['catalog', '--versions', '--json', '--region', 'SBG1', '--interface', 'internal'],
    environment,
  )
  expect(status).toBe(0)
  const rows = JSON.parse(stdout) as readonly {
    readonly type: string
    readonly versions?: readonly unknown[]
  }[]
  expect(rows.map(({ type, versions }) => [type, versions?.[0]])).toEqual([
    ['identity', expect.objectContaining({ version: '3.14', status: 'STABLE' })],
    ['object-store', undefined],
    ['image', expect.objectContaining({ version: '2.15', status: 'CURRENT' })],
    ['placement', expect.objectContaining({ version: '1.0', min_version: '1.0', max_version: '1.39' })],
    ['network', expect.objectContaining({ version: '2.0', status: 'CURRENT' })],
  ])
})
