import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { type RunOptions, runRecipe } from '../../src/library/index.ts'
import { recipeOf } from './on-sandbox.ts'
import { startSmallKeystone } from './small-keystone.ts'

type Server = Awaited<ReturnType<typeof startSmallKeystone>>
let [keystone, other]: Server[] = []
beforeEach(async () => {
  ;[keystone, other] = [await startSmallKeystone(), await startSmallKeystone()]
})

const canary = 'CANARY/of the +caller'
const recipe = (...steps: readonly string[]): string =>
  `osrun: 1\nname: n\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`

async function run(
  text: string,
  { environment, ...options }: RunOptions & { environment?: Record<string, string> } = {},
) {
  const cloud = await keystone?.cloud()
  return await runRecipe(await recipeOf(text), {
    cloud,
    environment: { ...keystone?.environment, ...environment },
    ...options,
  }).result
}

const places: readonly (readonly [string, string])[] = [
  ['the path', '{ url: "GET THERE/${V}" }'],
  ['the query of the URL', '{ url: "GET THERE/?p=a${V}" }'],
  ['query', '{ url: "GET THERE/", query: { p: ["x", "${V}"] } }'],
  ['a header', '{ url: "GET THERE/", headers: { X-P: "a ${V}" } }'],
  ['json', '{ url: "POST THERE/", json: { a: [{ b: "${V}" }] } }'],
  ['form', '{ url: "POST THERE/", form: { p: "${V}" } }'],
  ['a part', '{ url: "POST THERE/", multipart: { p: "${V}" } }'],
  ['a named part', '{ url: "POST THERE/", multipart: { p: { text: "${V}", filename: a } } }'],
  ['the name of a file', '{ url: "POST THERE/", multipart: { p: { text: a, filename: "${V}" } } }'],
  ['the body', '{ url: "POST THERE/", body: "a ${V}" }'],
  ['a default', '{ url: "POST THERE/", body: "${env.NONE:-${V}}" }'],
]
const request = (place: string, value: string): string =>
  `request: ${place.replace('THERE', other?.base ?? '').replace('${V}', `\${${value}}`)}`

describe.each(places)('a secret in %s', (_, place) => {
  test.each(['OS_PASSWORD', 'OS_TOKEN', 'OS_APPLICATION_CREDENTIAL_SECRET', 'MY_API_KEY'])(
    'of $%s goes nowhere but to the cloud, unless it is allowed',
    async (name) => {
      const text = recipe(request(place, `env.${name}`))
      for (const options of [{}, { readOnly: true }]) {
        const { problem, exit } = await run(text, { environment: { [name]: canary }, ...options })
        if (options.readOnly === true && place.includes('POST')) continue
        expect({ problem, exit }).toMatchObject({
          exit: 1,
          problem: {
            code: 'ORIGIN_REFUSED',
            message: `$${name} is not for ${other?.base}, which is not its cloud's.`,
            at: { file: 'recipe.yaml', line: 4 },
          },
        })
        expect(problem?.hint).toContain(`--allow-origin ${other?.base}`)
      }
      expect(other?.seen).toEqual([])
      const allowOrigins = [other?.base ?? '']
      expect((await run(text, { environment: { [name]: canary }, allowOrigins })).status).toBe('passed')
      expect(other?.seen).toHaveLength(1)
    },
  )

  test('of one character goes nowhere, and what is no credential does', async () => {
    const text = recipe(request(place, 'env.PIN'))
    expect((await run(text, { environment: { PIN: '7' } })).problem?.code).toBe('ORIGIN_REFUSED')
    expect(other?.seen).toEqual([])
    const plain = recipe(request(place, 'env.SETTING'))
    expect((await run(plain, { environment: { SETTING: 'blue', PIN: '7' } })).status).toBe('passed')
  })

  test('that is a token of the cloud goes nowhere', async () => {
    const { problem, tokens } = await run(recipe('authenticate:', request(place, 'token')))
    expect(problem?.code).toBe('ORIGIN_REFUSED')
    expect(other?.seen).toEqual([])
    expect(tokens).toMatchObject({ made: 1, revoked: 1 })
  })
})

describe('a credential stays at home', () => {
  test('by the item of a for-each', async () => {
    const step = request(places[4]?.[1] ?? '', 'item')
    const text = recipe(`{ for-each: ["\${env.OS_PASSWORD}"], ${step} }`)
    expect((await run(text)).problem?.code).toBe('ORIGIN_REFUSED')
    expect(other?.seen).toEqual([])
  })

  test('by a redirect of the cloud, in a header of any name', async () => {
    const own = await startSmallKeystone({
      other: (_request, response) => void response.writeHead(302, { Location: `${other?.base}/there` }).end(),
    })
    const text = recipe(`request: { url: "GET ${own.base}/x", headers: { X-P: "\${env.OS_PASSWORD}" } }`)
    const { problem } = await run(text, { cloud: await own.cloud(), environment: own.environment })
    expect(problem?.code).toBe('ORIGIN_REFUSED')
    expect(other?.seen).toEqual([])
  })

  test('by a header that a redirect takes off, the request goes on', async () => {
    const own = await startSmallKeystone({
      other: (_request, response) => void response.writeHead(302, { Location: `${other?.base}/there` }).end(),
    })
    const text = recipe(
      `request: { url: "GET ${own.base}/x", headers: { X-Api-Key: "\${env.OS_PASSWORD}" } }`,
    )
    const { status } = await run(text, { cloud: await own.cloud(), environment: own.environment })
    expect(status).toBe('passed')
    expect(other?.seen.map(({ headers }) => headers['x-api-key'])).toEqual([undefined])
  })

  test.each([
    ['', /^The cloud's own password is not for/],
    [', user: somebody', /^The cloud's own password is not for/],
    [', user: somebody, password: "${env.MY_PASSWORD}"', /^\$MY_PASSWORD is not for/],
    [', token: "${token}"', /^What \$\{token\} holds is not for/],
  ])('by a login at another Keystone%s', async (more, message) => {
    const there = `authenticate: { auth-url: "${other?.base}/v3", as: second${more} }`
    const text = recipe('authenticate:', there)
    const environment = { MY_PASSWORD: canary }
    expect((await run(text, { environment })).problem).toMatchObject({
      code: 'ORIGIN_REFUSED',
      message: expect.stringMatching(message),
    })
    expect(other?.seen).toEqual([])
    await run(text, { environment, allowOrigins: [other?.base ?? ''] })
    expect(other?.logins()).toBe(1)
  })

  test('where the recipe logs in elsewhere with what it has itself', async () => {
    const there = `authenticate: { auth-url: "${other?.base}/v3", user: a, password: "\${pw}", scope: unscoped }`
    const text = `${recipe(there, request(places[0]?.[1] ?? '', 'env.OS_PASSWORD'))}inputs: { pw: { type: string, default: known } }\n`
    expect((await run(text)).problem?.code).toBe('ORIGIN_REFUSED')
    expect(other?.logins()).toBe(1)
    expect(other?.seen.filter(({ path }) => !path.includes('/auth/tokens'))).toEqual([])
  })
})

describe('a login by a request of its own', () => {
  const steps = [
    'request: { url: "POST ${env.OS_AUTH_URL}/auth/tokens", json: { password: "${env.OS_PASSWORD}" } }\n    capture: { own: headers.x-subject-token }',
  ]

  test('goes on working, also where no cloud is given, and its catalog is the cloud', async () => {
    const service = await startSmallKeystone()
    keystone = await startSmallKeystone({ catalog: [`${service.base}/v1`] })
    const used = `request: { url: "GET ${service.base}/a", token: true, headers: { X-Auth-Token: "\${own}" }, query: { p: "\${env.OS_PASSWORD}" } }`
    for (const cloud of [await keystone.cloud(), undefined])
      expect((await run(recipe(...steps, used), { cloud })).problem).toBeUndefined()
    expect(service.seen).toHaveLength(2)
  })

  test('has a token that goes nowhere else', async () => {
    const { problem } = await run(recipe(...steps, request(places[0]?.[1] ?? '', 'own')))
    expect(problem).toMatchObject({ code: 'ORIGIN_REFUSED', message: /^What \$\{own\} holds/ })
    expect(other?.seen).toEqual([])
  })

  test('at the identity provider that the caller configured, and the token endpoint that it names', async () => {
    const provider = await startSmallKeystone({
      other: (_request, response) =>
        void response.end(JSON.stringify({ token_endpoint: `${other?.base}/token` })),
    })
    const environment = { OS_DISCOVERY_ENDPOINT: `${provider.base}/.well-known` }
    const asked = 'request: GET ${env.OS_DISCOVERY_ENDPOINT}\n    capture: { place: $.token_endpoint }'
    const sent = 'request: { url: "POST ${place}", form: { password: "${env.OS_PASSWORD}" } }'
    expect((await run(recipe(asked, sent), { environment })).status).toBe('passed')
    const stranger = sent.replace('${place}', `${(await startSmallKeystone()).base}/token`)
    expect((await run(recipe(asked, stranger), { environment })).problem?.code).toBe('ORIGIN_REFUSED')
  })
})

test('a URL of a variable is for its own server', async () => {
  const text = recipe('request: GET ${env.HOOK_SECRET_URL}')
  expect((await run(text, { environment: { HOOK_SECRET_URL: `${other?.base}/hook/abc` } })).status).toBe(
    'passed',
  )
})

test('whatever the value is, and however a server spells it, it is not passed on', async () => {
  const spellings: readonly ((secret: string) => string)[] = [
    (secret) => secret,
    encodeURIComponent,
    (secret) => JSON.stringify(secret),
    (secret) => Buffer.from(secret).toString('base64'),
    (secret) => `{"deep":${JSON.stringify(JSON.stringify({ secret }))}}`,
    (secret) => Buffer.from(secret).toString('hex'),
  ]
  let told = ''
  const own = await startSmallKeystone({ other: (_request, response) => void response.end(told) })
  const cloud = await own.cloud()
  await fc.assert(
    fc.asyncProperty(
      fc.string({ minLength: 8, maxLength: 24 }).filter((text) => text.trim().length >= 8),
      fc.constantFrom(...spellings),
      fc.constantFrom(...places),
      async (secret, spell, [, place]) => {
        told = spell(secret)
        const text = recipe(
          `request: { url: "GET ${own.base}/told", query: { p: "\${env.OS_PASSWORD}" } }\n    capture: { word: body }`,
          request(place, 'word'),
        )
        const environment = { ...own.environment, OS_PASSWORD: secret }
        expect((await run(text, { cloud, environment })).problem?.code).toBe('ORIGIN_REFUSED')
      },
    ),
    { numRuns: 150 },
  )
  expect(other?.seen).toEqual([])
})
