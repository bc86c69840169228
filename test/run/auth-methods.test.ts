import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connect } from '../../src/library/index.ts'
import { totpCode } from '../../src/sandbox/keystone/login/totp.ts'
import { type AuthCase, acceptedLogins, type Cast, refusedLogins } from '../auth-method-cases.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from './on-sandbox.ts'

const authenticateOnly = 'osrun: 1\nname: n\nsteps:\n  - authenticate:\n'

describe('Keystone', () => {
  let sandbox: Sandbox
  beforeEach(async () => {
    sandbox = await startSandbox({ record: true })
  })
  afterEach(() => sandbox.close())

  /** A person's variables alone, without what the sandbox says of the learner. */
  const person = (variables: Readonly<Record<string, string>>) => ({
    OS_AUTH_URL: sandbox.authUrl,
    ...variables,
  })
  const byName = { OS_USERNAME: 'learner', OS_USER_DOMAIN_NAME: 'Default', OS_PASSWORD: 'p\'a$s "w\\ord' }
  const byId = { OS_USER_ID: 'de11a130d07d46cd92238b9f6dbaf004', OS_PASSWORD: byName.OS_PASSWORD }
  const careful = { OS_USERNAME: 'careful', OS_USER_DOMAIN_ID: 'default', OS_PASSWORD: 'careful-password' }
  const admin = { OS_USERNAME: 'admin', OS_USER_DOMAIN_ID: 'default', OS_PASSWORD: 'admin-secret' }
  const onlooker = { OS_USERNAME: 'onlooker', OS_USER_DOMAIN_ID: 'default', OS_PASSWORD: 'onlooker-password' }
  const workshop = { OS_PROJECT_NAME: 'workshop', OS_PROJECT_DOMAIN_NAME: 'Default' }
  const passcode = () => totpCode(Buffer.from('12345678901234567890'), Math.floor(Date.now() / 30_000))
  const cast: Cast = {
    learner: byName,
    learnerId: byId.OS_USER_ID,
    workshopId: 'fee040b1c4d24aeb985c3cdea1c3f363',
    foreignProject: 'forge',
    admin,
    domainOwner: byName,
    careful,
    passcode,
    guildsman: { OS_USERNAME: 'smith', OS_PASSWORD: 'smith-password', OS_PROJECT_NAME: 'forge' },
    credential: { id: 'fb8f960b73cb40d082810d000916b770', name: 'lab', secret: 'app-cred-secret' },
  }

  test.each<AuthCase<object>>([
    ...acceptedLogins(cast),
    [
      'v3password',
      () => ({ ...byName, ...workshop, OS_AUTH_TYPE: 'v3password' }),
      { project: { name: 'workshop' } },
    ],
    [
      'the default project of a user',
      () => ({ OS_USERNAME: 'plain', OS_PASSWORD: 'plain-password', OS_USER_DOMAIN_ID: 'default' }),
      { project: { name: 'workshop' } },
    ],
    [
      'a trust',
      () => ({ ...onlooker, OS_TRUST_ID: '2d4f6a8c0e1b3d5f7a9c1e3b5d7f9a0c' }),
      { user: { name: 'learner' }, project: { name: 'workshop' }, roles: [{ name: 'objectstore_operator' }] },
    ],
  ])('gives a token for %s', async (_name, variables, token) => {
    const session = connect({ cloud: await cloudOf(person(variables())) })
    expect({ project: undefined, ...(await session.token()) }).toMatchObject(token)
    await session.close()
    expect(sandbox.liveTokens()).toEqual([])
    const { result } = await runToEnd(await recipeOf(authenticateOnly), {
      cloud: await cloudOf(person(variables())),
    })
    expect(result.status).toBe('passed')
    expect(result.tokens.revoked).toBe(result.tokens.made)
    expect(sandbox.liveTokens()).toEqual([])
  })

  test('asks a careful person who sent a password alone for more, by name', async () => {
    const { result } = await runToEnd(await recipeOf(authenticateOnly), {
      cloud: await cloudOf(person({ ...careful, ...workshop })),
    })
    expect(result).toMatchObject({
      exit: 5,
      problem: { code: 'AUTH_FAILED', hint: expect.stringContaining('password and totp') },
    })
  })

  // Keystone refuses the token of a trust to revoke itself, since it acts as the trustor.
  test('lets the trustee revoke the token of a trust, in a step as well as at the end', async () => {
    const cloud = await cloudOf(person({ ...onlooker, OS_TRUST_ID: '2d4f6a8c0e1b3d5f7a9c1e3b5d7f9a0c' }))
    for (const steps of [authenticateOnly, `${authenticateOnly}  - revoke:\n`]) {
      const { result } = await runToEnd(await recipeOf(steps), { cloud })
      expect(result).toMatchObject({ status: 'passed', exit: 0, tokens: { made: 2, revoked: 2 } })
      expect(sandbox.liveTokens()).toEqual([])
    }
  })

  test('gives a token for a token, and the first one stays alive', async () => {
    const first = connect({ cloud: await cloudOf(person(byName)) })
    const { id, expiresAt } = await first.token()
    const second = connect({
      cloud: await cloudOf(
        person({ OS_AUTH_TYPE: 'v3token', OS_TOKEN: id, OS_USER_DOMAIN_NAME: 'Default', ...workshop }),
      ),
    })
    expect(await second.token()).toMatchObject({ expiresAt, project: { name: 'workshop' } })
    await second.close()
    expect(sandbox.liveTokens()).toEqual([id])
    await first.close()
    expect(sandbox.liveTokens()).toEqual([])
  })

  test.each([
    ['/identity', 2],
    ['/identity/', 2],
    ['/identity/v3', 1],
    ['/identity/v3/', 1],
  ])('is found at %s', async (path, requests) => {
    const session = connect({
      cloud: await cloudOf({ ...sandbox.environment, OS_AUTH_URL: `${sandbox.url}${path}` }),
    })
    expect((await session.token()).identityUrl).toBe(`${sandbox.url}/identity/v3`)
    expect(sandbox.requests).toHaveLength(requests)
    await session.close()
  })

  test.each<AuthCase<RegExp>>([
    ...refusedLogins(cast),
    ['a wrong password', () => ({ ...byName, OS_PASSWORD: 'not-this-one' }), /wrong password/],
    ['a trust of another', () => ({ ...admin, OS_TRUST_ID: '2d4f6a8c0e1b3d5f7a9c1e3b5d7f9a0c' }), /trustee/],
    ['an unknown trust', () => ({ ...byName, OS_TRUST_ID: 'none' }), /unknown trust/],
    [
      'a wrong passcode',
      () => ({
        ...careful,
        OS_AUTH_TYPE: 'v3multifactor',
        OS_AUTH_METHODS: 'v3totp,v3password',
        OS_PASSCODE: '000000',
      }),
      /passcode/,
    ],
  ])('refuses %s, and the hint names it', async (_name, variables, hint) => {
    const { result } = await runToEnd(await recipeOf(authenticateOnly), {
      cloud: await cloudOf(person(variables())),
    })
    expect(result).toMatchObject({
      exit: 5,
      problem: { code: 'AUTH_FAILED', hint: expect.stringMatching(hint) },
    })
    expect(sandbox.liveTokens()).toEqual([])
  })
})

describe('a service without Keystone', () => {
  test.each<[string, Record<string, string>, object]>([
    ['none', {}, { 'x-auth-token': 'notused' }],
    [
      'http_basic',
      { OS_USERNAME: 'me', OS_PASSWORD: 'swordfish:€' },
      { authorization: `Basic ${Buffer.from('me:swordfish:€').toString('base64')}` },
    ],
    ['admin_token', { OS_TOKEN: 'the-admin-token' }, { 'x-auth-token': 'the-admin-token' }],
  ])('gets by %s what it is used to, and nothing is asked or revoked', async (type, variables, headers) => {
    const seen: { readonly line: string; readonly headers: IncomingHttpHeaders }[] = []
    const server = createServer((request, response) => {
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers })
      response.end('{}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/baremetal`
      const cloud = await cloudOf({ OS_AUTH_TYPE: type, OS_ENDPOINT: endpoint, ...variables })
      const { result, events } = await runToEnd(
        await recipeOf(
          'osrun: 1\nname: n\nsteps:\n  - authenticate:\n  - pick-endpoint: baremetal\n  - request: GET ${endpoint}/v1/nodes\n',
        ),
        { cloud },
      )
      expect(result).toMatchObject({ status: 'passed', tokens: { made: 0, revoked: 0 } })
      const session = connect({ cloud })
      const { url } = await session.endpoint('baremetal')
      expect((await session.request('GET', `${url}/v1/nodes`)).status).toBe(200)
      await session.close()
      expect(seen.map(({ line }) => line)).toEqual(['GET /baremetal/v1/nodes', 'GET /baremetal/v1/nodes'])
      for (const request of seen) {
        expect(request.headers).toMatchObject(headers)
        expect('authorization' in request.headers).toBe(type === 'http_basic')
        expect('x-auth-token' in request.headers).toBe(type !== 'http_basic')
      }
      for (const secret of [...Object.values(headers), variables.OS_PASSWORD, variables.OS_TOKEN])
        if (secret !== undefined && secret !== 'notused') expect(JSON.stringify(events)).not.toContain(secret)
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })
})
