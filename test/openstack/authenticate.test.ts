import { describe, expect, test } from 'vitest'
import type { Credentials, IdentityMethod, Scope } from '../../src/model/cloud.ts'
import type { HttpRequest, HttpResponse } from '../../src/model/exchange.ts'
import { headerOf } from '../../src/model/exchange.ts'
import { authenticate } from '../../src/openstack/auth/authenticate.ts'
import { answer } from './answer.ts'

type Keystone = Extract<Credentials, { kind: 'keystone' }>

const user = { name: 'demo', domain: { name: 'Default' } }
const password: IdentityMethod = { kind: 'password', user, password: 'swordfish' }
const totp: IdentityMethod = { kind: 'totp', user, passcode: '012345' }
const project: Scope = { kind: 'project', project: { name: 'demo', domain: { id: 'default' } } }

function credentials(methods: readonly IdentityMethod[], scope: Scope = project): Keystone {
  return { kind: 'keystone', authUrl: 'http://k.test/v3', methods, scope }
}

const now = Date.parse('2026-01-31T10:00:00Z')
const whole = {
  token: {
    methods: ['password'],
    user: { id: 'u1', name: 'demo', domain: { id: 'default', name: 'Default' } },
    audit_ids: ['a1'],
    issued_at: '2026-01-31T10:00:00.000000Z',
    expires_at: '2026-01-31T11:00:00.000000Z',
    project: { id: 'p1', name: 'demo', domain: { id: 'default', name: 'Default' } },
    roles: [{ id: 'r1', name: 'member' }],
    catalog: [],
  },
}
const subject = [['x-subject-token', 'gAAAAtoken']] as const
const issued = answer(201, whole, 'application/json', subject)

/** Authenticates against answers that come one after the other. */
async function ask(own: Keystone, answers: readonly HttpResponse[], catalog = true) {
  const requests: HttpRequest[] = []
  const left = [...answers]
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    requests.push(request)
    const next = left.shift()
    if (next === undefined) throw new Error('one request too many')
    return next
  }
  const result = await authenticate({
    credentials: own,
    catalog,
    isCloudsOwn: true,
    now: () => now,
    send,
  }).catch((error: unknown) => ({ error }))
  return { requests, result }
}

const bodyOf = (request: HttpRequest | undefined): unknown =>
  request?.body?.kind === 'text' ? JSON.parse(request.body.text) : undefined

describe('the request', () => {
  test.each<[string, IdentityMethod, unknown]>([
    ['password', password, { user: { ...user, password: 'swordfish' } }],
    [
      'password',
      { ...password, user: { id: 'u1', name: 'x' } },
      { user: { id: 'u1', password: 'swordfish' } },
    ],
    ['token', { kind: 'token', token: 'tok' }, { id: 'tok' }],
    ['totp', totp, { user: { ...user, passcode: '012345' } }],
    [
      'application_credential',
      { kind: 'application_credential', credential: { id: 'a1' }, secret: 's' },
      { id: 'a1', secret: 's' },
    ],
    [
      'application_credential',
      { kind: 'application_credential', credential: { name: 'robot' }, user, secret: 's' },
      { name: 'robot', user, secret: 's' },
    ],
    [
      'application_credential',
      { kind: 'application_credential', credential: { name: 'robot' }, user: { id: 'u1' }, secret: 's' },
      { name: 'robot', user: { id: 'u1' }, secret: 's' },
    ],
  ])('has the method %s', async (kind, method, object) => {
    const { requests } = await ask(credentials([method]), [issued])
    expect(bodyOf(requests[0])).toEqual({
      auth: {
        identity: { methods: [kind], [kind]: object },
        ...(kind !== 'application_credential' && {
          scope: { project: { name: 'demo', domain: { id: 'default' } } },
        }),
      },
    })
  })

  test.each<[Scope, unknown]>([
    [{ kind: 'default' }, undefined],
    [{ kind: 'unscoped' }, 'unscoped'],
    [{ kind: 'project', project: { id: 'p1', name: 'demo' } }, { project: { id: 'p1' } }],
    [{ kind: 'domain', domain: { id: 'd1' } }, { domain: { id: 'd1' } }],
    [{ kind: 'domain', domain: { name: 'D' } }, { domain: { name: 'D' } }],
    [{ kind: 'system' }, { system: { all: true } }],
    [{ kind: 'trust', id: 't1' }, { 'OS-TRUST:trust': { id: 't1' } }],
  ])('has the scope %o', async (scope, sent) => {
    const { requests } = await ask(credentials([password], scope), [issued])
    expect((bodyOf(requests[0]) as { auth: { scope?: unknown } }).auth.scope).toEqual(sent)
  })

  test('carries no token, but that of the method token', async () => {
    const [plain] = (await ask(credentials([password]), [issued])).requests
    expect(plain).toMatchObject({ method: 'POST', url: 'http://k.test/v3/auth/tokens' })
    expect(headerOf(plain?.headers ?? [], 'X-Auth-Token')).toBeUndefined()
    expect(headerOf(plain?.headers ?? [], 'Content-Type')).toBe('application/json')
    const [rescoped] = (await ask(credentials([{ kind: 'token', token: 'tok' }]), [issued])).requests
    expect(headerOf(rescoped?.headers ?? [], 'X-Auth-Token')).toBe('tok')
  })

  test('asks without the catalog by ?nocatalog', async () => {
    const { requests } = await ask(credentials([password]), [issued], false)
    expect(requests[0]?.url).toBe('http://k.test/v3/auth/tokens?nocatalog')
  })
})

describe('a receipt', () => {
  const receipt = (body: unknown): HttpResponse =>
    answer(401, body, 'application/json', [['openstack-auth-receipt', 'rec']])
  const told = {
    receipt: { methods: ['password'], user: {}, expires_at: '', issued_at: '' },
    required_auth_methods: [['totp', 'password']],
  }

  test('is sent back with the missing methods alone, and the scope again', async () => {
    const { requests, result } = await ask(credentials([password, totp]), [receipt(told), issued])
    expect(result).toMatchObject({ token: { id: 'gAAAAtoken' } })
    expect(headerOf(requests[0]?.headers ?? [], 'Openstack-Auth-Receipt')).toBeUndefined()
    expect(headerOf(requests[1]?.headers ?? [], 'Openstack-Auth-Receipt')).toBe('rec')
    expect(bodyOf(requests[1])).toEqual({
      auth: {
        identity: { methods: ['totp'], totp: { user: { ...user, passcode: '012345' } } },
        scope: { project: { name: 'demo', domain: { id: 'default' } } },
      },
    })
  })

  test.each([['no JSON'], [{}], [null], [{ receipt: { methods: 'password' } }]])(
    'without its list (%j) is sent back with every method',
    async (body) => {
      const { requests } = await ask(credentials([password, totp]), [receipt(body), issued])
      expect(bodyOf(requests[1])).toMatchObject({ auth: { identity: { methods: ['password', 'totp'] } } })
    },
  )

  test('that asks for a method that nobody has is an error that names the variables', async () => {
    const { requests, result } = await ask(credentials([password]), [receipt(told)])
    expect(requests).toHaveLength(1)
    expect(result).toMatchObject({
      error: {
        code: 'AUTH_FAILED',
        hint: expect.stringMatching(/totp and password.*OS_AUTH_METHODS.*OS_PASSCODE/),
      },
    })
  })

  test('is used once', async () => {
    const { requests, result } = await ask(credentials([password, totp]), [
      receipt(told),
      answer(401, { error: { message: 'The request you have made requires authentication.' } }),
    ])
    expect(requests).toHaveLength(2)
    expect(result).toMatchObject({ error: { code: 'AUTH_FAILED' } })
  })
})

describe("Keystone's 201", () => {
  const tokenFrom = async (body: unknown, headers: readonly (readonly [string, string])[] = subject) => {
    const { result } = await ask(credentials([password]), [answer(201, body, 'application/json', headers)])
    return result
  }

  test('is read whole', async () => {
    expect(await tokenFrom(whole)).toMatchObject({
      token: {
        id: 'gAAAAtoken',
        expiresAt: '2026-01-31T11:00:00.000000Z',
        methods: ['password'],
        user: { id: 'u1', name: 'demo', domain: { id: 'default', name: 'Default' } },
        project: { id: 'p1', name: 'demo' },
        roles: [{ id: 'r1', name: 'member' }],
        auditIds: ['a1'],
        system: false,
        catalog: [],
        clockSkew: 0,
        issueSkew: 0,
        identityUrl: 'http://k.test/v3',
      },
    })
  })

  test('gives the token without the spaces that a proxy or a script leaves around it', async () => {
    expect(await tokenFrom(whole, [['X-SUBJECT-TOKEN', ' gAAAA \r']])).toMatchObject({
      token: { id: 'gAAAA' },
    })
  })

  test.each([
    ['Sat, 31 Jan 2026 10:30:00 GMT', 1_800_000],
    ['Sat, 31 Jan 2026 09:00:00 GMT', -3_600_000],
    ['Sat, 31 Jan 2026 10:00:01 GMT', 0],
    ['yesterday', 0],
  ])('tells by its Date %s how far the clocks are apart', async (date, skew) => {
    expect(await tokenFrom(whole, [...subject, ['Date', date]])).toMatchObject({ token: { clockSkew: skew } })
  })

  test('tells the time by the issue of the token where there is no Date', async () => {
    const token = { ...whole.token, issued_at: '2026-01-31T10:05:00.000000Z' }
    expect(await tokenFrom({ token })).toMatchObject({ token: { clockSkew: 300_000, issueSkew: 0 } })
  })

  test.each([
    ['Sat, 31 Jan 2026 10:00:00 GMT', 0],
    ['Sat, 31 Jan 2026 09:59:00 GMT', 60_000],
    ['yesterday', 0],
  ])("tells by its Date %s how far its issue is from the server's clock", async (date, skew) => {
    expect(await tokenFrom(whole, [...subject, ['Date', date]])).toMatchObject({ token: { issueSkew: skew } })
  })

  test('may be without project, roles, catalog, issued_at and domain', async () => {
    const { user: own, expires_at } = whole.token
    expect(
      await tokenFrom({ token: { user: { id: own.id }, expires_at, system: { all: true } } }),
    ).toMatchObject({
      token: {
        user: { id: 'u1', name: '', domain: { id: '', name: '' } },
        system: true,
        roles: [],
        methods: [],
        catalog: undefined,
        issuedAt: '2026-01-31T10:00:00.000Z',
      },
    })
  })

  test.each<[string, unknown, readonly (readonly [string, string])[]]>([
    ['without its header', whole, []],
    ['with an empty header', whole, [['X-Subject-Token', ' ']]],
    ['that is a list', [], subject],
    ['that is no JSON', '{"token"', subject],
    ['without a token', { tokens: {} }, subject],
    ['whose token is a list', { token: [] }, subject],
    ['without an end', { token: { ...whole.token, expires_at: undefined } }, subject],
    ['with an end that is no time', { token: { ...whole.token, expires_at: 'soon' } }, subject],
    ['without a user', { token: { ...whole.token, user: { name: 'demo' } } }, subject],
  ])('%s is no token', async (_name, body, headers) => {
    expect(await tokenFrom(body, headers)).toMatchObject({
      error: { code: 'AUTH_ANSWER_INVALID', hint: expect.stringContaining('http://k.test/v3') },
    })
  })
})

describe('a refusal', () => {
  const refuse = async (response: HttpResponse, own = credentials([password])) => {
    const { result } = await ask(own, [response])
    return (result as { error: unknown }).error
  }
  const keystone = (status: number, message: string): HttpResponse =>
    answer(status, { error: { code: status, title: 'Title', message } }, 'application/json', [
      ['x-openstack-request-id', 'req-1'],
    ])
  const generic = 'The request you have made requires authentication.'

  test("has Keystone's words and the request's id", async () => {
    expect(await refuse(keystone(401, generic))).toMatchObject({
      code: 'AUTH_FAILED',
      message: `Keystone refused with 401: ${generic} (Request-ID: req-1)`,
      hint: expect.stringMatching(/user "demo".*domain "Default".*project "demo".*domain id default/),
    })
  })

  test.each<[HttpResponse, Keystone, RegExp]>([
    [keystone(400, 'Expecting to find domain in user.'), credentials([password]), /OS_USER_DOMAIN_NAME/],
    [
      keystone(400, 'Expecting to find domain in project.'),
      credentials([password]),
      /OS_PROJECT_DOMAIN_NAME/,
    ],
    [
      keystone(401, generic),
      credentials([{ kind: 'token', token: 't' }], { kind: 'default' }),
      /expired or was revoked; make/,
    ],
    [keystone(401, generic), credentials([{ kind: 'token', token: 't' }]), /no role on the project/],
    [keystone(401, generic), credentials([password, totp]), /wrong password or passcode/],
    [
      keystone(404, 'Could not find token: .'),
      credentials([{ kind: 'token', token: 't' }]),
      /expired or was revoked/,
    ],
    [
      keystone(404, 'Could not find Application Credential: a1.'),
      credentials([{ kind: 'application_credential', credential: { id: 'a1' }, secret: 's' }]),
      /id.*is wrong|deleted/,
    ],
    [
      keystone(401, generic),
      credentials([{ kind: 'application_credential', credential: { id: 'a1' }, secret: 's' }]),
      /secret is wrong/,
    ],
    [
      keystone(401, 'Invalid application credential: Application credentials cannot request a scope.'),
      credentials([password]),
      /leave the scope out/,
    ],
    [
      answer(401, {
        error: {
          message: 'Attempted to authenticate with an unsupported method.',
          identity: { methods: ['password'] },
        },
      }),
      credentials([totp]),
      /totp/,
    ],
    [keystone(429, 'Too many'), credentials([password]), /wait/],
    [
      keystone(403, 'Rescoping a token is not allowed.'),
      credentials([{ kind: 'token', token: 't' }]),
      /scope/,
    ],
  ])('%# tells what to look at', async (response, own, hint) => {
    expect(await refuse(response, own)).toMatchObject({
      code: 'AUTH_FAILED',
      hint: expect.stringMatching(hint),
    })
  })

  test('of a system, a domain or a trust names it', async () => {
    for (const [scope, hint] of [
      [{ kind: 'system' }, /the system/],
      [{ kind: 'domain', domain: { id: 'd1' } }, /domain id d1/],
      [{ kind: 'trust', id: 't1' }, /trust t1/],
    ] as const)
      expect(await refuse(keystone(401, generic), credentials([password], scope))).toMatchObject({
        hint: expect.stringMatching(hint),
      })
  })

  test.each([
    ['a page with 200', answer(200, '<html><title>Login</title></html>', 'text/html')],
    ['a page with 201', answer(201, '<html></html>', 'text/html', subject)],
    ['a page with 404', answer(404, '<html><h1>Not Found</h1></html>', 'text/html')],
    ['text with 404', answer(404, 'not here', 'text/plain')],
    ['a page with 403', answer(403, '<html>WAF</html>', 'text/html')],
    ['an empty 204', answer(204, undefined)],
    ['a redirect that leads nowhere', answer(302, undefined)],
  ])('by %s says that there is no Keystone', async (_name, response) => {
    expect(await refuse(response)).toMatchObject({
      code: 'IDENTITY_NOT_FOUND',
      message: expect.stringContaining('http://k.test/v3/auth/tokens'),
      hint: expect.stringContaining('OS_AUTH_URL'),
    })
  })

  test.each([
    [answer(503, '<html><title>503</title><body>No server is available.</body></html>', 'text/html')],
    [answer(500, { error: { message: 'An unexpected error' } })],
    [answer(502, undefined)],
  ])('%# by a broken service says so', async (response) => {
    expect(await refuse(response)).toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringContaining(String(response.status)),
      hint: expect.stringContaining('http://k.test/v3/auth/tokens'),
    })
  })

  test('never has a secret', async () => {
    const secrets = ['swordfish', '012345', 'sec-ret', 'tok-en']
    const all = [
      password,
      totp,
      { kind: 'token', token: 'tok-en' },
      { kind: 'application_credential', credential: { id: 'a1' }, secret: 'sec-ret' },
    ] as const
    for (const method of all)
      for (const status of [400, 401, 403, 404, 429, 500]) {
        const { message, hint } = (await refuse(keystone(status, generic), credentials([method]))) as {
          message: string
          hint?: string
        }
        for (const secret of secrets) expect(`${message} ${hint}`).not.toContain(secret)
      }
  })
})

// Keystone 22 writes so when a new token ends with its application credential.
test('a time without a zone is UTC, wherever this machine is', async () => {
  const token = { ...whole.token, expires_at: '2026-01-31T10:30:00', issued_at: '2026-01-31T10:00:00.000000' }
  const { result } = await ask(credentials([password]), [answer(201, { token }, 'application/json', subject)])
  expect(result).toMatchObject({
    token: {
      expiresAt: '2026-01-31T10:30:00Z',
      issuedAt: '2026-01-31T10:00:00.000000Z',
      body: { expires_at: '2026-01-31T10:30:00Z' },
    },
  })
})
