import { describe, expect, test } from 'vitest'
import { connect, createTransport, OsrunError } from '../../src/library/index.ts'
import { recipeOf, runToEnd } from './on-sandbox.ts'
import { refusingUntil, startSmallKeystone } from './small-keystone.ts'

const steps = (...lines: readonly string[]): string =>
  `osrun: 1\nname: n\nsteps:\n${lines.map((line) => `  - ${line}\n`).join('')}`
const begin = ['authenticate:', 'pick-endpoint: object-store']

test.each(['', ', token: true'])(
  'a redirect that leaves the token behind is told, and no new token is made for its 401%s',
  async (more) => {
    const elsewhere = await startSmallKeystone({ other: refusingUntil(99) })
    const target = (await elsewhere.cloud()).credentials
    const moved = target.kind === 'keystone' ? new URL('/v1/a', target.authUrl).href : ''
    const keystone = await startSmallKeystone({
      other: (_request, response) => void response.writeHead(301, { Location: moved }).end(),
    })
    const recipe = await recipeOf(steps(...begin, `request: { url: "GET \${endpoint}/a"${more} }`))
    const { result, events } = await runToEnd(recipe, { cloud: await keystone.cloud() })
    expect(result).toMatchObject({ status: 'failed', exit: 4, tokens: { made: 1, revoked: 1 } })
    expect(result.problem?.hint).toContain(`redirected to ${new URL(moved).origin}`)
    expect(elsewhere.seen.filter(({ path }) => path === '/v1/a')).toHaveLength(1)
    expect(elsewhere.seen.some(({ headers }) => headers['x-auth-token'] !== undefined)).toBe(false)
    expect(
      events.filter((event) => event.type === 'notice' && /gets no X-Auth-Token/.test(event.message)),
    ).toHaveLength(1)
  },
)

describe('a request that meets a 401', () => {
  test.each(['HEAD', 'GET', 'PUT', 'POST', 'DELETE'])(
    '%s is sent again once, with a new token',
    async (method) => {
      const keystone = await startSmallKeystone({ other: refusingUntil(2) })
      const recipe = await recipeOf(
        steps(...begin, `request: ${method} \${endpoint}/a`, 'request: GET ${endpoint}/b'),
      )
      const { result } = await runToEnd(recipe, { cloud: await keystone.cloud() })
      expect(result.problem).toBeUndefined()
      expect(result).toMatchObject({
        status: 'passed',
        tokens: { made: 2, revoked: 2, kept: 0 },
        leftovers: [],
      })
      const asked = keystone.seen.filter(({ path }) => path.startsWith('/v1/'))
      expect(asked.map(({ path, headers }) => [path, String(headers['x-auth-token']).slice(0, 13)])).toEqual([
        ['/v1/a', 'small-token-1'],
        ['/v1/a', 'small-token-2'],
        ['/v1/b', 'small-token-2'],
      ])
      expect(keystone.revoked.sort()).toEqual(keystone.made)
    },
  )

  test.each(['HEAD', 'GET'])('%s again keeps its second answer, and goes on working', async (method) => {
    const keystone = await startSmallKeystone({ other: refusingUntil(99) })
    const recipe = await recipeOf(steps(...begin, `request: ${method} \${endpoint}/a`))
    const { result } = await runToEnd(recipe, { cloud: await keystone.cloud() })
    expect(result).toMatchObject({
      status: 'failed',
      exit: 4,
      tokens: { made: 2, revoked: 2 },
      leftovers: [],
    })
    expect(result.problem?.code).toBe('STATUS_UNEXPECTED')
  })

  test.each(['HEAD', 'GET'])('%s and expects it is neither renewed nor sent again', async (method) => {
    const keystone = await startSmallKeystone({ other: refusingUntil(99) })
    const recipe = await recipeOf(
      steps(
        ...begin,
        `request: { url: "${method} \${endpoint}/a", expect: 401 }`,
        'assert: { status: 401 }',
        `request: { url: "GET \${endpoint}/b", expect: [200, 401] }`,
      ),
    )
    const { result } = await runToEnd(recipe, { cloud: await keystone.cloud() })
    expect(result).toMatchObject({ status: 'passed', tokens: { made: 1, revoked: 1 } })
    expect(keystone.logins()).toBe(1)
  })

  test('is left as it is when the token cannot be had anew, and the user is told', async () => {
    let logins = 0
    const keystone = await startSmallKeystone({
      other: refusingUntil(99),
      login: (_, response) => {
        if (logins++ > 0) return void response.writeHead(503).end()
        response.writeHead(201, keystone.headersOf(keystone.nextToken())).end(keystone.tokenBody())
      },
    })
    const { events, result } = await runToEnd(await recipeOf(steps(...begin, 'request: GET ${endpoint}/a')), {
      cloud: await keystone.cloud(),
    })
    expect(result.problem?.code).toBe('STATUS_UNEXPECTED')
    expect(events.some((event) => event.type === 'notice' && event.level === 'warning')).toBe(true)
    expect(keystone.revoked).toEqual(keystone.made)
  })

  test.each([
    ['a one-time code', { OS_AUTH_TYPE: 'v3totp', OS_PASSCODE: '123456', OS_PASSWORD: undefined }],
    [
      'a token',
      {
        OS_AUTH_TYPE: 'token',
        OS_TOKEN: 'given-token-of-user',
        OS_USERNAME: undefined,
        OS_PASSWORD: undefined,
        OS_USER_DOMAIN_NAME: undefined,
      },
    ],
  ])('is never renewed with %s', async (_, environment) => {
    const keystone = await startSmallKeystone({ other: refusingUntil(99), life: 1 })
    const { result } = await runToEnd(await recipeOf(steps(...begin, 'request: GET ${endpoint}/a')), {
      cloud: await keystone.cloud(environment),
    })
    expect(result.problem?.code).toBe('STATUS_UNEXPECTED')
    expect(keystone.logins()).toBe(1)
    expect(keystone.revoked).toEqual(keystone.made)
    expect(keystone.revoked).not.toContain('given-token-of-user')
  })
})

describe('a token near its end', () => {
  const late = async (life: number, passed: number, ahead = 0) => {
    const keystone = await startSmallKeystone({ life, ahead })
    const start = Date.now()
    let offset = 0
    const recipe = await recipeOf(
      steps(...begin, 'request: GET ${endpoint}/first', 'request: GET ${endpoint}/second'),
    )
    const { result } = await runToEnd(recipe, {
      cloud: await keystone.cloud(),
      now: () => start + offset,
      transport: movingClock(() => {
        offset = passed * 1000
      }),
    })
    expect(result.status).toBe('passed')
    expect(keystone.revoked.sort()).toEqual(keystone.made)
    return keystone.logins()
  }
  // The clock moves on between two requests.
  const movingClock = (move: () => void) => {
    const real = createTransport({ tls: { insecure: false } })
    return {
      send: async (...[request, how]: Parameters<typeof real.send>) => {
        const response = await real.send(request, how)
        if (request.url.endsWith('/first')) move()
        return response
      },
      close: () => real.close(),
    }
  }

  test.each([
    [3600, 3600 - 150, 1],
    [3600, 3600 - 90, 2],
    [100, 70, 1],
    [100, 85, 2],
  ])('of %d s is, after %d s, number %d', async (life, passed, logins) => {
    expect(await late(life, passed)).toBe(logins)
  })

  test.each([3_600_000, -3_600_000])(
    'is told by the clock of the server, which is %d ms ahead',
    async (ahead) => {
      expect(await late(3600, 100, ahead)).toBe(1)
      expect(await late(3600, 3600 - 90, ahead)).toBe(2)
    },
  )
})

describe('a token whose answer was no good', () => {
  test.each([
    [
      'cut in its body',
      (response: import('node:http').ServerResponse) =>
        void response.write('{"token', () => response.destroy()),
    ],
    ['no JSON', (response: import('node:http').ServerResponse) => void response.end('<html>')],
    [
      'without expires_at',
      (response: import('node:http').ServerResponse) => void response.end('{"token":{}}'),
    ],
  ])('is revoked all the same: %s', async (_, answer) => {
    const keystone = await startSmallKeystone({
      login: (_request, response) => {
        response.writeHead(201, keystone.headersOf(keystone.nextToken()))
        answer(response)
      },
    })
    const { events, result } = await runToEnd(await recipeOf(steps('authenticate:')), {
      cloud: await keystone.cloud(),
    })
    expect(result.status).toBe('errored')
    expect(keystone.made).toHaveLength(1)
    expect(keystone.revoked).toEqual(keystone.made)
    expect(result).toMatchObject({ tokens: { made: 1, revoked: 1 }, leftovers: [] })
    expect(JSON.stringify([events, result])).not.toContain('small-token')

    const session = connect({ cloud: await keystone.cloud() })
    await expect(session.token()).rejects.toBeInstanceOf(OsrunError)
    await session.close()
    expect(keystone.revoked).toEqual(keystone.made)
    expect(keystone.made).toHaveLength(2)
  })

  test('is revoked when its answer takes longer than the step may', async () => {
    const keystone = await startSmallKeystone({
      login: (_request, response) => {
        response.writeHead(201, keystone.headersOf(keystone.nextToken()))
        response.write('{"token')
      },
    })
    const { result } = await runToEnd(
      await recipeOf('osrun: 1\nname: n\nsteps:\n  - authenticate:\n    timeout: 200ms\n'),
      {
        cloud: await keystone.cloud(),
      },
    )
    expect(result.problem?.code).toBe('TIMED_OUT')
    expect(keystone.revoked).toEqual(keystone.made)
  })
})

describe('a session', () => {
  test('shares one renewal among many requests that meet a 401, and revokes both tokens', async () => {
    const keystone = await startSmallKeystone({ other: refusingUntil(2) })
    const session = connect({ cloud: await keystone.cloud() })
    const { url } = await session.endpoint('object-store')
    const methods = ['HEAD', 'GET', 'PUT', 'POST']
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => session.request(methods[index % 4] ?? '', `${url}/${index}`)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(keystone.logins()).toBe(2)
    await session.close()
    expect(keystone.revoked.sort()).toEqual(keystone.made)
  })

  test('that is closed while it asks for a token revokes the one that comes', async () => {
    let answer = (): void => {}
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    const keystone = await startSmallKeystone({
      login: async (_request, response) => {
        answer()
        response.writeHead(201, keystone.headersOf(keystone.nextToken()))
        setImmediate(() => response.end(keystone.tokenBody()))
      },
    })
    const session = connect({ cloud: await keystone.cloud() })
    const token = session.token().catch(() => undefined)
    await asked
    await session.close()
    await token
    expect(keystone.made).toHaveLength(1)
    expect(keystone.revoked).toEqual(keystone.made)
  })

  test('revokes every token though one revocation fails', async () => {
    const keystone = await startSmallKeystone({ other: refusingUntil(2) })
    const real = createTransport({ tls: { insecure: false } })
    let failures = 0
    const session = connect({
      cloud: await keystone.cloud(),
      transport: {
        send: (request, how) => {
          if (request.method === 'DELETE' && failures++ === 0)
            return Promise.reject(new OsrunError('CONNECTION_LOST', 'lost'))
          return real.send(request, how)
        },
        close: () => real.close(),
      },
    })
    const { url } = await session.endpoint('object-store')
    await session.request('GET', `${url}/a`)
    await expect(session.close()).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    expect(keystone.made).toHaveLength(2)
    expect(keystone.revoked).toHaveLength(1)
  })

  test('sends its own token in place of one that the caller wrote', async () => {
    const keystone = await startSmallKeystone()
    await using session = connect({ cloud: await keystone.cloud() })
    await session.request('GET', `${keystone.base}/v1/a`, { headers: [['x-auth-token', 'another']] })
    expect(keystone.seen.at(-1)?.headers['x-auth-token']).toMatch(/^small-token-1-x+$/)
  })

  test('never revokes a token that the user gave', async () => {
    const keystone = await startSmallKeystone()
    const session = connect({
      cloud: await keystone.cloud({
        OS_AUTH_TYPE: 'admin_token',
        OS_TOKEN: 'given',
        OS_ENDPOINT: `${keystone.base}/v1`,
      }),
    })
    await session.request('GET', `${keystone.base}/v1/a`)
    await session.close()
    expect(keystone.revoked).toEqual([])
  })
})
