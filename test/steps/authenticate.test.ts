import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cloudOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { play } from './play.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

const bodies = () =>
  sandbox.requests
    .filter(({ method, path }) => method === 'POST' && /auth\/tokens(\?nocatalog)?$/.test(path))
    .map(({ body }) => JSON.parse(body.toString()).auth)

test.each([
  ['{ scope: unscoped }', 'unscoped', {}],
  [
    '{ scope: { project: archive } }',
    { project: { name: 'archive', domain: { name: 'Default' } } },
    { 'token.project.name': 'archive' },
  ],
  [
    '{ scope: { project: { id: 6126835698364d8488debc875ea76caa } } }',
    { project: { id: '6126835698364d8488debc875ea76caa' } },
    { 'token.project.name': 'archive' },
  ],
  [
    '{ scope: { project: { name: archive, domain: { id: default } } } }',
    { project: { name: 'archive', domain: { id: 'default' } } },
    { 'token.project.name': 'archive' },
  ],
  ['{ scope: { domain: Default } }', { domain: { name: 'Default' } }, { 'token.domain.id': 'default' }],
  [
    '{ scope: { domain: { id: default } } }',
    { domain: { id: 'default' } },
    { 'token.domain.name': 'Default' },
  ],
])('%s asks for that scope', async (input, scope, context) => {
  const more = Object.keys(context).length > 0 ? `  - assert: { context: ${JSON.stringify(context)} }\n` : ''
  const { result } = await play(sandbox, `  - authenticate: ${input}\n${more}`)
  expect(result.problem).toBeUndefined()
  expect(bodies()[0].scope).toEqual(scope)
})

test('scope: default leaves the scope out', async () => {
  const { result } = await play(sandbox, '  - authenticate: { scope: default }\n')
  expect(result.problem).toBeUndefined()
  expect(bodies()[0]).not.toHaveProperty('scope')
})

test.each([['system'], ['{ system: all }']])('scope: %s asks for the system', async (scope) => {
  const { result } = await play(
    sandbox,
    `  - authenticate: { user: auditor, password: "\${env.AUDITOR_PASSWORD}", scope: ${scope} }\n  - assert: { context: { token.system.all: true } }\n`,
    { environment: { AUDITOR_PASSWORD: 'auditor-password' } },
  )
  expect(result.problem).toBeUndefined()
  expect(bodies()[0].scope).toEqual({ system: { all: true } })
})

test('scope: trust acts for the trustor', async () => {
  const { result } = await play(
    sandbox,
    `  - authenticate: { user: onlooker, password: "\${key}", scope: { trust: 2d4f6a8c0e1b3d5f7a9c1e3b5d7f9a0c } }
  - assert: { context: { token.OS-TRUST:trust.id: 2d4f6a8c0e1b3d5f7a9c1e3b5d7f9a0c } }
`.replace('token.OS-TRUST:trust.id', '\'token["OS-TRUST:trust"].id\''),
    { head: 'inputs: { key: { type: string, writeOnly: true } }\n', inputs: { key: 'onlooker-password' } },
  )
  expect(result.problem).toBeUndefined()
})

test('a user of another domain, by name and by id', async () => {
  const head = 'inputs: { key: { type: string, writeOnly: true } }\n'
  const inputs = { key: 'smith-password' }
  for (const user of ['{ name: smith, domain: Guild }', '{ id: 5106111bb6dd498f9dd68b9acc4cce3b }']) {
    const { result } = await play(
      sandbox,
      `  - authenticate: { user: ${user}, password: "\${key}", scope: { project: { name: forge, domain: Guild } } }\n  - assert: { context: { token.user.name: smith } }\n`,
      { head, inputs },
    )
    expect(result.problem).toBeUndefined()
  }
})

test('nocatalog gives a token without services', async () => {
  const { result, context } = await play(sandbox, '  - authenticate: { nocatalog: true }\n')
  expect(result.problem).toBeUndefined()
  expect(sandbox.requests[0]?.path).toMatch(/\?nocatalog$/)
  expect(context.token).toMatchObject({ services: 0 })
})

test('as sets another name beside the current token, which stays', async () => {
  const { result, exchanges } = await play(
    sandbox,
    `  - authenticate:
  - authenticate: { as: second-one, scope: { project: archive } }
  - request: { url: "GET \${second-one.identity_url}/auth/tokens", headers: { X-Subject-Token: "\${second-one}" } }
  - assert: { context: { token.project.name: workshop, second-one.project.name: archive } }
  - revoke: \${second-one}
`,
  )
  expect(result.problem).toBeUndefined()
  expect(result.tokens).toEqual({ made: 2, revoked: 2, kept: 0 })
  expect(exchanges[2]?.curl).toContain('-H "X-Subject-Token: $second_one" -H "X-Auth-Token: $token"')
})

test('a token is made of a token', async () => {
  const { result } = await play(
    sandbox,
    `  - authenticate: { as: first, scope: unscoped }
  - authenticate: { token: "\${first}", scope: { project: archive } }
  - assert: { status: 201, json: { $.token.methods: { contains: { const: token } } } }
`,
  )
  expect(result.problem).toBeUndefined()
  expect(sandbox.liveTokens()).toEqual([])
})

test('an application credential by name needs its user, and takes no scope', async () => {
  const { result } = await play(
    sandbox,
    '  - authenticate: { application-credential: { name: lab, secret: "${key}", user: learner } }\n',
    { head: 'inputs: { key: { type: string, writeOnly: true } }\n', inputs: { key: 'app-cred-secret' } },
  )
  expect(result.problem).toBeUndefined()
  expect(bodies()[0]).toEqual({
    identity: {
      methods: ['application_credential'],
      application_credential: {
        name: 'lab',
        user: { name: 'learner', domain: { name: 'Default' } },
        secret: 'app-cred-secret',
      },
    },
  })
})

describe('what cannot be', () => {
  test('a method that lacks its secret is told before anything is sent', async () => {
    const { result } = await play(sandbox, '  - authenticate: { method: [password, totp] }\n')
    expect(result).toMatchObject({ exit: 1, problem: { code: 'CLOUD_INCOMPLETE' } })
    expect(sandbox.requests).toEqual([])
  })

  test.each([
    ['password: hunter2'],
    ['token: abc'],
    ['passcode: "123456"'],
    ['application-credential: { id: a, secret: b }'],
  ])('a secret in the recipe itself is refused: %s', async (input) => {
    await expect(play(sandbox, `  - authenticate: { ${input} }\n`)).rejects.toMatchObject({
      problems: [{ code: 'RECIPE_INVALID' }],
    })
  })

  test('a wrong password is an authentication failure that names no secret', async () => {
    const { result } = await play(sandbox, '  - authenticate: { password: "${key}" }\n', {
      head: 'inputs: { key: { type: string, writeOnly: true } }\n',
      inputs: { key: 'not-the-password' },
    })
    expect(result).toMatchObject({ exit: 5, problem: { code: 'AUTH_FAILED' } })
    expect(JSON.stringify(result)).not.toContain('not-the-password')
  })

  test('a cloud without Keystone knows no scope, and still gives its own token', async () => {
    const cloud = await cloudOf({ OS_AUTH_TYPE: 'none', OS_ENDPOINT: sandbox.url })
    const scoped = await play(sandbox, '  - authenticate: { scope: unscoped }\n', { cloud })
    expect(scoped.result.problem?.code).toBe('CLOUD_INVALID')
    const plain = await play(
      sandbox,
      '  - authenticate:\n  - pick-endpoint: object-store\n  - request: GET /info\n  - assert: { status: 200 }\n',
      { cloud },
    )
    expect(plain.result).toMatchObject({ status: 'passed', tokens: { made: 0, revoked: 0, kept: 0 } })
  })
})

test('auth-url asks another Keystone', async () => {
  await using other = await startSandbox()
  const { result } = await play(sandbox, '  - authenticate: { auth-url: "${there}" }\n', {
    head: `inputs: { there: "${other.authUrl}" }\n`,
    allowOrigins: [new URL(other.authUrl).origin],
  })
  expect(result.problem).toBeUndefined()
  expect(sandbox.requests).toEqual([])
  expect(other.liveTokens()).toEqual([])
})
