import { describe, expect, test } from 'vitest'
import { connect } from '../../src/library/index.ts'
import type { SafeEvent } from '../../src/model/event.ts'
import { createTokenKeeper } from '../../src/run/tokens/token-keeper.ts'
import { recipeOf, runToEnd } from './on-sandbox.ts'
import { carriesToken, startSmallKeystone } from './small-keystone.ts'

const steps = (...lines: readonly string[]): string =>
  `osrun: 1\nname: n\nsteps:\n${lines.map((line) => `  - ${line}\n`).join('')}`
const notices = (events: readonly SafeEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'notice' ? [`${event.level}: ${event.message}`] : []))

/** A server outside of the catalog. */
const elsewhere = () => startSmallKeystone()

describe('a request to a server that the catalog does not name', () => {
  test('carries no token, and a notice says so', async () => {
    const [keystone, other] = [await startSmallKeystone(), await elsewhere()]
    const recipe = await recipeOf(steps('authenticate:', `request: GET ${other.base}/a`))
    const { events, result } = await runToEnd(recipe, { cloud: await keystone.cloud() })
    expect(result.status).toBe('passed')
    expect(other.seen).toHaveLength(1)
    expect(other.seen.some(carriesToken)).toBe(false)
    expect(notices(events)).toEqual([expect.stringMatching(/^info: .*carries no token/)])
  })

  test('carries it with token: true where that origin is allowed, and a warning names the server', async () => {
    const [keystone, other] = [await startSmallKeystone(), await elsewhere()]
    const recipe = await recipeOf(steps('authenticate:', `request: { url: "${other.base}/a", token: true }`))
    const cloud = await keystone.cloud()
    const refused = await runToEnd(recipe, { cloud })
    expect(refused.result.problem).toMatchObject({ code: 'ORIGIN_REFUSED', at: { line: 5 } })
    expect(other.seen).toEqual([])
    const { events } = await runToEnd(recipe, { cloud, allowOrigins: [other.base] })
    expect(other.seen.some(carriesToken)).toBe(true)
    expect(notices(events)).toEqual([expect.stringContaining(`warning: The token goes to ${other.base}`)])
  })

  test.each(['X-Auth-Token', 'x-auth-token', 'X-Subject-Token', 'X-Service-Token', 'X-Storage-Token'])(
    'is not sent when its %s is the token, unless token: true and allowed',
    async (name) => {
      const [keystone, other] = [await startSmallKeystone(), await elsewhere()]
      const to = (more: string) =>
        `request: { url: "${other.base}/a", headers: { ${name}: "\${token}" }${more} }`
      const refused = await runToEnd(await recipeOf(steps('authenticate:', to(''))), {
        cloud: await keystone.cloud(),
      })
      expect(refused.result.problem).toMatchObject({ code: 'URL_INVALID', at: { line: 5 } })
      expect(other.seen).toHaveLength(0)
      const allowed = await runToEnd(await recipeOf(steps('authenticate:', to(', token: true'))), {
        cloud: await keystone.cloud(),
        allowOrigins: [other.base],
      })
      expect(allowed.result.status).toBe('passed')
      expect(notices(allowed.events).join()).toContain('warning')
    },
  )

  test.each([
    ['another port', (base: string, other: string) => [base, other]],
    ['another name of the same machine', (base: string) => [base, base.replace('127.0.0.1', 'localhost')]],
  ])('is one with %s', async (_, urls) => {
    const [keystone, other] = [await startSmallKeystone(), await elsewhere()]
    const [, target = ''] = urls(keystone.base, other.base)
    const recipe = await recipeOf(steps('authenticate:', `request: GET ${target}/a`))
    await runToEnd(recipe, { cloud: await keystone.cloud() })
    const reached = [...keystone.seen, ...other.seen].filter(({ path }) => path === '/a')
    expect(reached).toHaveLength(1)
    expect(reached.some(carriesToken)).toBe(false)
  })
})

describe('the token goes', () => {
  test('to origins of the catalog, of Keystone and of overrides', async () => {
    const [named, overridden] = [await elsewhere(), await elsewhere()]
    const keystone = await startSmallKeystone({ catalog: [`${named.base}/v1`] })
    const cloud = await keystone.cloud({ OS_OBJECT_STORE_ENDPOINT_OVERRIDE: `${overridden.base}/v1` })
    const withOverride = { ...cloud, endpointOverrides: { 'object-store': `${overridden.base}/v1` } }
    const recipe = await recipeOf(
      steps(
        'authenticate:',
        ...[named, overridden, keystone].map(({ base }) => `request: GET ${base}/anything`),
      ),
    )
    const { events } = await runToEnd(recipe, { cloud: withOverride })
    const got = [named, overridden, keystone].map(({ seen }) =>
      seen.filter(({ path }) => path === '/anything').map(carriesToken),
    )
    expect(got).toEqual([[true], [true], [true]])
    expect(notices(events)).toEqual([])
  })

  test('not along a redirect to another server, and along one within the catalog', async () => {
    const [named, other] = [await elsewhere(), await elsewhere()]
    const keystone = await startSmallKeystone({
      catalog: [`${named.base}/v1`],
      other: ({ path }, response) =>
        void response.writeHead(307, { Location: `${path === '/in' ? named.base : other.base}/there` }).end(),
    })
    const recipe = await recipeOf(
      steps('authenticate:', `request: GET ${keystone.base}/in`, `request: GET ${keystone.base}/out`),
    )
    const { result } = await runToEnd(recipe, { cloud: await keystone.cloud() })
    expect(result.status).toBe('passed')
    expect(named.seen.map(carriesToken)).toEqual([true])
    expect(other.seen.map(carriesToken)).toEqual([false])
  })

  test('nowhere else with redirect: false', async () => {
    const other = await elsewhere()
    const keystone = await startSmallKeystone({
      other: (_, response) => void response.writeHead(302, { Location: `${other.base}/there` }).end(),
    })
    const recipe = await recipeOf(
      steps(
        'authenticate:',
        `request: { url: "${keystone.base}/out", redirect: false, expect: 302 }`,
        'assert: { status: 302 }',
      ),
    )
    expect((await runToEnd(recipe, { cloud: await keystone.cloud() })).result.status).toBe('passed')
    expect(other.seen).toHaveLength(0)
  })

  test.each([307, 308, 302])(
    'and the password nowhere when Keystone answers a login with %d',
    async (status) => {
      const other = await elsewhere()
      const keystone = await startSmallKeystone({
        login: (_, response) =>
          void response.writeHead(status, { Location: `${other.base}/v3/auth/tokens` }).end(),
      })
      const { result } = await runToEnd(await recipeOf(steps('authenticate:')), {
        cloud: await keystone.cloud(),
      })
      expect(result.status).toBe('errored')
      const session = connect({ cloud: await keystone.cloud() })
      await expect(session.token()).rejects.toThrow()
      await session.close()
      expect(other.seen).toHaveLength(0)
    },
  )
})

describe('a hostile catalog gives nothing away', () => {
  test.each([
    'javascript:alert(1)',
    'data:text/plain,x',
    'file:///etc/passwd',
    'ftp://127.0.0.1/x',
    'ws://127.0.0.1:1/x',
    'not a URL',
    '//127.0.0.1:1/x',
    'http://',
  ])('%s is no place for a token', async (url) => {
    const keystone = await startSmallKeystone({ catalog: [url] })
    const keeper = createTokenKeeper(await keystone.cloud(), Date.now)
    const { createTransport } = await import('../../src/library/index.ts')
    const transport = createTransport({ tls: { insecure: false } })
    const { credentials } = await keystone.cloud()
    await keeper.issue(
      credentials,
      { catalog: true, keep: false, fresh: true, variable: 'token' },
      (request) => transport.send(request, { signal: new AbortController().signal }),
    )
    await transport.close()
    for (const place of [
      url,
      'javascript:x',
      'data:,x',
      'file:///x',
      'http://127.0.0.1:1/x',
      'ftp://127.0.0.1/y',
    ])
      expect([place, keeper.mayReceiveToken(place, keystone.made[0])]).toEqual([place, false])
    const recipe = await recipeOf(
      steps('authenticate:', 'pick-endpoint: object-store', 'request: GET ${endpoint}/a'),
    )
    const { result } = await runToEnd(recipe, { cloud: await keystone.cloud() })
    expect(result.problem?.code).toBe('URL_INVALID')
    expect(keystone.revoked.sort()).toEqual(keystone.made.slice(1))
  })

  test('a host that hides behind a user name gets no token', async () => {
    const other = await elsewhere()
    const keystone = await startSmallKeystone({
      catalog: [other.base.replace('http://', 'http://swift.example.org@')],
    })
    const recipe = await recipeOf(
      steps('authenticate:', 'pick-endpoint: object-store', 'request: GET ${endpoint}/a'),
    )
    await runToEnd(recipe, { cloud: await keystone.cloud() })
    expect(other.seen.some(carriesToken)).toBe(false)
  })
})

test('a header that cannot be sent is told with its place, before anything is sent', async () => {
  const other = await elsewhere()
  const recipe = await recipeOf(
    `osrun: 1\nname: n\ninputs:\n  text: { type: string, default: "a\\r\\nX-Injected: 1" }\nsteps:\n  - request:\n      url: GET ${other.base}/a\n      headers:\n        X-Meta: \${text}\n`,
  )
  const { result } = await runToEnd(recipe, {})
  expect(result.problem).toMatchObject({ code: 'URL_INVALID', at: { file: 'recipe.yaml', line: 6 } })
  expect(other.seen).toHaveLength(0)
})

test('a query is encoded wholly, its lists repeat their name, and what stands in the URL stays', async () => {
  const other = await elsewhere()
  const recipe = await recipeOf(
    steps(
      `request: { url: "GET ${other.base}/a/../b?c=%2F", query: { "p q": "x/y&z=1?#+é", list: [1, 2], empty: "" } }`,
    ),
  )
  await runToEnd(recipe, {})
  expect(other.seen[0]?.path).toBe('/a/../b?c=%2F&p%20q=x%2Fy%26z%3D1%3F%23%2B%C3%A9&list=1&list=2&empty=')
})

describe('of two clouds', () => {
  const other = 'small-token-of-the-other-cloud'
  const startSecond = async () => {
    const second = await startSmallKeystone({
      login: (_request, response) =>
        void response.writeHead(201, second.headersOf(other)).end(second.tokenBody()),
    })
    return second
  }
  const login = (base: string): string =>
    `authenticate: { auth-url: "${base}/v3", user: { name: someone, domain: Default }, password: "\${env.OTHER}", scope: unscoped, as: other }`

  test.each([
    ['a request', (_base: string) => '', (base: string) => `{ url: "GET ${base}/a" }`],
    ['a redirect', (base: string) => base, () => '{ url: "GET ${endpoint}/a" }'],
  ])('each gets its own tokens alone, by %s', async (_what, target, step) => {
    const second = await startSecond()
    const location = target(second.base)
    const first = await startSmallKeystone({
      other: (_request, response) =>
        void response.writeHead(location === '' ? 200 : 307, { Location: `${location}/a` }).end(),
    })
    const recipe = await recipeOf(
      steps(
        'authenticate:',
        login(second.base),
        'pick-endpoint: object-store',
        `request: ${step(second.base)}`,
        `request: { url: "GET ${second.base}/own", headers: { X-Auth-Token: "\${other}" } }`,
      ),
    )
    const { result } = await runToEnd(recipe, {
      cloud: await first.cloud(),
      environment: { OTHER: 'of-the-other' },
    })
    expect(result.problem).toBeUndefined()
    const tokens = (path: string) =>
      second.seen.filter((one) => one.path === path).map(({ headers }) => headers['x-auth-token'])
    expect(tokens('/a')).toEqual([undefined])
    expect(tokens('/own')).toEqual([other])
    expect([first.revoked, second.revoked]).toEqual([first.made, [other]])
  })

  test('a Keystone that the catalog names is of the same cloud', async () => {
    const second = await startSecond()
    const first = await startSmallKeystone({ catalog: [`${second.base}/v1`] })
    const recipe = await recipeOf(
      steps('authenticate:', login(second.base), `request: { url: "GET ${second.base}/a" }`),
    )
    expect(
      (await runToEnd(recipe, { cloud: await first.cloud(), environment: { OTHER: 'of-the-other' } })).result
        .problem,
    ).toBeUndefined()
    expect(second.seen.find(({ path }) => path === '/a')?.headers['x-auth-token']).toBe(first.made[0])
  })
})
