import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importRecipe } from '../../src/import/import-recipe.ts'
import type { KnownCloud } from '../../src/import/meaning/known-cloud.ts'
import { connect } from '../../src/library/index.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from '../run/on-sandbox.ts'

let sandbox: Sandbox
let known: KnownCloud
beforeAll(async () => {
  sandbox = await startSandbox({ record: true })
  const cloud = await cloudOf(sandbox.environment)
  const session = connect({ cloud })
  known = { cloud, token: await session.token() }
  await session.close()
})
afterAll(() => sandbox.close())

const object = 'photos/fullsize/ovh-summit-2014-backstage-DS.jpg'

async function run(text: string, inputs: Readonly<Record<string, string>> = {}) {
  const recipe = await recipeOf(text)
  const { result } = await runToEnd(recipe, {
    cloud: await cloudOf(sandbox.environment),
    environment: sandbox.environment,
    inputs,
  })
  return { recipe, result }
}

function imported(text: string, cloud?: KnownCloud): string {
  return importRecipe({ file: 'lines.sh', text }, { known: cloud }).text
}

test.each([
  'test/fixtures/import/guide.sh',
  'test/fixtures/import/guide-as-printed.sh',
  'bench/guide-commands.sh',
  'test/fixtures/import/openstack-object-save.txt',
])('%s runs on the sandbox with one token that is revoked', async (file) => {
  const { text } = importRecipe({ file, text: readFileSync(file, 'utf8') })
  const { result } = await run(text)
  expect(result.problem).toBeUndefined()
  expect(result).toMatchObject({ status: 'passed', exit: 0, tokens: { made: 1 } })
  expect(sandbox.liveTokens()).toEqual([])
})

test('what osrun prints runs again when the endpoint is given', async () => {
  const { text } = importRecipe({
    file: 'printed.sh',
    text: readFileSync('test/fixtures/import/printed.sh', 'utf8'),
  })
  const url = known.token.catalog?.find(({ type }) => type === 'object-store')?.endpoints[0]?.url ?? ''
  const { result } = await run(text, { 'endpoint-url': url })
  expect(result.problem).toBeUndefined()
  expect(result.status).toBe('passed')
})

test('with a cloud its catalog decides, and only what differs from it is said', async () => {
  const service = known.token.catalog?.find(({ type }) => type === 'object-store')
  const own = service?.endpoints.find(
    (one) => one.interface === 'public' && one.region === known.cloud.region,
  )
  const other = service?.endpoints.find(
    ({ url, region }) => url !== own?.url && region !== known.cloud.region,
  )
  const lines = (url: string): string => `curl -I ${url}/${object} -H "X-Auth-Token: $token"\n`
  const text = imported(lines(own?.url ?? ''), known)
  expect(text).toContain('- pick-endpoint: object-store\n')
  expect(text).not.toContain('Guessed')
  expect((await run(text)).result.problem).toBeUndefined()
  if (other !== undefined) expect(imported(lines(other.url), known)).toContain(`region: ${other.region}`)
})

test('below an endpoint that the catalog ends with a slash, paths have theirs', () => {
  const catalog = known.token.catalog?.map((one) => ({
    ...one,
    endpoints: one.endpoints.map((endpoint) => ({ ...endpoint, url: `${endpoint.url}/` })),
  }))
  const url = known.token.catalog?.find(({ type }) => type === 'object-store')?.endpoints[0]?.url ?? ''
  const text = imported(`curl -I ${url}/photos/a -H "X-Auth-Token: $token"\n`, {
    ...known,
    token: { ...known.token, catalog },
  })
  expect(text).toContain('HEAD ${endpoint}/photos/a')
})

test('a login as the cloud has it says nothing; another says what differs', () => {
  const body = (user: string, project: string): string =>
    JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: user, domain: { id: 'default' }, password: 'open-sesame-12' } },
        },
        scope: { project: { name: project, domain: { name: 'Default' } } },
      },
    })
  const line = (text: string): string =>
    `curl -d '${text}' -H 'Content-Type: application/json' ${known.token.identityUrl}/auth/tokens\n`
  const { user, project } = known.token
  const same = imported(line(body(user.name, project?.name ?? '')), known)
  expect(same).toMatch(/- authenticate:\n$/)
  expect(same).not.toContain('inputs')
  const elsewhere = imported(line(body(user.name, 'vault')), known)
  expect(elsewhere).toMatch(/scope:[\s\S]*vault/)
  expect(elsewhere).not.toMatch(/password/)
  const else1 = imported(line(body('somebody', project?.name ?? '')), known)
  expect(else1).toMatch(/password: "?\$\{password\}/)
  expect(else1).not.toContain('open-sesame-12')
})

test('two logins are two tokens, each request has its own, and each is revoked', async () => {
  const text = imported(`
first=$(curl -i $OS_AUTH_URL/auth/tokens -H 'Content-Type: application/json' -d "$body" | grep -i x-subject-token)
second=$(curl -i $OS_AUTH_URL/auth/tokens -H 'Content-Type: application/json' -d '{"auth":{"identity":{"methods":["token"],"token":{"id":"'$first'"}},"scope":"unscoped"}}' | grep -i x-subject-token)
curl $OS_AUTH_URL/auth/projects -H "X-Auth-Token: $second"
curl -I $OS_AUTH_URL/auth/tokens -H "X-Auth-Token: $first" -H "X-Subject-Token: $second"
curl -X DELETE $OS_AUTH_URL/auth/tokens -H "X-Auth-Token: $first" -H "X-Subject-Token: $second"
`)
  expect(text).toContain('as: other-token')
  expect(text).toContain('- revoke: ${other-token}')
  const { result } = await run(text)
  expect(result.problem).toBeUndefined()
  expect(result.tokens.made).toBe(2)
  expect(sandbox.liveTokens()).toEqual([])
})

test('a request without a token stays without one', async () => {
  const text = imported(`curl "$OS_AUTH_URL/auth/catalog" -H "X-Auth-Token: $token"\ncurl "$OS_AUTH_URL/"\n`)
  const before = sandbox.requests.length
  await run(text)
  const sent = sandbox.requests.slice(before).filter(({ method }) => method === 'GET')
  expect(JSON.stringify(sent.at(-1)).toLowerCase()).not.toContain('x-auth-token')
})

test.each([
  ['http://h:8774/v2.1/servers', 'compute', '/servers'],
  ['https://compute.gra.cloud.example/v2.1/0123456789abcdef0123456789abcdef/servers', 'compute', '/servers'],
  ['http://h:9292/v2/images', 'image', '/v2/images'],
  ['http://h:9696/v2.0/networks', 'network', '/v2.0/networks'],
  ['http://h/volume/v3/0123456789abcdef0123456789abcdef/volumes', 'block-storage', '/volumes'],
  ['http://h:8080/v1/AUTH_x/c/o', 'object-store', '/c/o'],
  ['http://h/swift/v1/c', 'object-store', '/c'],
  ['http://h:8778/resource_providers', 'placement', '/resource_providers'],
])('%s is guessed to be of %s, and the recipe says that it is a guess', (url, service, rest) => {
  const text = imported(`curl ${url} -H "X-Auth-Token: $t"\n`)
  expect(text).toContain(`- pick-endpoint: ${service}\n`)
  expect(text).toContain(`GET \${endpoint}${rest}\n`)
  expect(text).toContain('# Guessed by the form of http')
})

test('a URL of nobody knows whom stays whole', () => {
  const text = imported('curl https://example.org/a?b=c\n')
  expect(text).toContain('url: GET https://example.org/a')
  expect(text).not.toContain('authenticate')
})

test('a Host that is not that of the URL is kept', () => {
  const host = (name: string): string =>
    imported(`curl https://cloud.example/servers -H 'Host: ${name}' -H "X-Auth-Token: $token"\n`)
  expect(host('site.example')).toContain('Host: site.example')
  expect(host('cloud.example')).not.toMatch(/host:/i)
})
