import { expect, test } from 'vitest'
import { connect } from '../../src/library/index.ts'
import { totpCode } from '../../src/sandbox/keystone/login/totp.ts'
import { type AuthCase, acceptedLogins, type Cast, refusedLogins } from '../auth-method-cases.ts'
import { recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { cloudOf, facts, isLive, state } from './cloud.ts'

const authenticateOnly = 'osrun: 1\nname: n\nsteps:\n  - authenticate:\n'

const person = (variables: Readonly<Record<string, string>>) => ({ OS_AUTH_URL: facts.authUrl, ...variables })
const user = (name: string) => facts.users[name] ?? { id: '', password: '' }
const learner = {
  OS_USERNAME: 'learner',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PASSWORD: user('learner').password,
}
const admin = { OS_USERNAME: 'admin', OS_USER_DOMAIN_ID: 'default', OS_PASSWORD: facts.admin.password }
const careful = {
  OS_USERNAME: 'careful',
  OS_USER_DOMAIN_ID: 'default',
  OS_PASSWORD: user('careful').password,
}
const workshop = { OS_PROJECT_NAME: 'workshop', OS_PROJECT_DOMAIN_NAME: 'Default' }
const passcode = () => totpCode(Buffer.from('cloud-totp-key-00001'), Math.floor(Date.now() / 30_000))
const cast: Cast = {
  learner,
  learnerId: user('learner').id,
  workshopId: facts.projects.workshop ?? '',
  foreignProject: 'vault',
  admin,
  domainOwner: admin,
  careful,
  passcode,
  guildsman: { OS_USERNAME: 'mason', OS_PASSWORD: user('mason').password, OS_PROJECT_NAME: 'guildhall' },
  credential: facts.applicationCredential,
}

test.each<AuthCase<object>>([
  ...acceptedLogins(cast),
  [
    'the domain that API version 3 stands for',
    () => ({
      OS_USERNAME: 'learner',
      OS_PASSWORD: user('learner').password,
      OS_PROJECT_NAME: 'workshop',
      OS_IDENTITY_API_VERSION: '3',
    }),
    { project: { name: 'workshop' } },
  ],
])('a real Keystone gives a token for %s', async (_name, variables, token) => {
  const session = connect({ cloud: await cloudOf(person(variables())) })
  const own = await session.token()
  expect({ project: undefined, ...own }).toMatchObject(token)
  expect(await isLive(own.id)).toBe(true)
  await session.close()
  expect(await isLive(own.id)).toBe(false)
})

test('a real Keystone gives a token for a trust, which is the trustor', async () => {
  const trustor = connect({ cloud: await cloudOf(person({ ...learner, ...workshop })) })
  const { id, identityUrl } = await trustor.token()
  const ask = (method: string, path: string, body?: object) =>
    fetch(`${identityUrl}/OS-TRUST/trusts${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-Auth-Token': id },
      ...(body && { body: JSON.stringify(body) }),
    })
  const made = await ask('POST', '', {
    trust: {
      trustor_user_id: user('learner').id,
      trustee_user_id: user('onlooker').id,
      project_id: facts.projects.workshop,
      impersonation: true,
      roles: [{ name: 'reader' }],
    },
  })
  const { trust } = (await made.json()) as { readonly trust: { readonly id: string } }
  try {
    const onlooker = {
      OS_USERNAME: 'onlooker',
      OS_USER_DOMAIN_ID: 'default',
      OS_PASSWORD: user('onlooker').password,
    }
    const trustee = connect({ cloud: await cloudOf(person({ ...onlooker, OS_TRUST_ID: trust.id })) })
    expect(await trustee.token()).toMatchObject({
      user: { name: 'learner' },
      project: { name: 'workshop' },
      roles: [{ name: 'reader' }],
    })
    const { id: used } = await trustee.token()
    await trustee.close()
    expect(await isLive(used)).toBe(false)
    for (const steps of [authenticateOnly, `${authenticateOnly}  - revoke:\n`]) {
      const { result } = await runToEnd(await recipeOf(steps), {
        cloud: await cloudOf(person({ ...onlooker, OS_TRUST_ID: trust.id })),
      })
      expect(result).toMatchObject({ status: 'passed', tokens: { made: 2, revoked: 2 } })
    }
    const { result } = await runToEnd(await recipeOf(authenticateOnly), {
      cloud: await cloudOf(person({ ...admin, OS_TRUST_ID: trust.id })),
    })
    expect(result).toMatchObject({ exit: 5, problem: { code: 'AUTH_FAILED' } })
    expect(result.problem?.hint).toMatch(/trust/)
  } finally {
    await ask('DELETE', `/${trust.id}`)
    await trustor.close()
  }
})

test('a real Keystone gives a token for a token, and the first one stays alive', async () => {
  const first = connect({ cloud: await cloudOf(person(learner)) })
  const { id, expiresAt } = await first.token()
  const second = connect({
    cloud: await cloudOf(
      person({ OS_AUTH_TYPE: 'v3token', OS_TOKEN: id, OS_USER_DOMAIN_NAME: 'Default', ...workshop }),
    ),
  })
  const scoped = await second.token()
  expect(scoped).toMatchObject({ expiresAt, project: { name: 'workshop' } })
  await second.close()
  expect([await isLive(id), await isLive(scoped.id)]).toEqual([true, false])
  await first.close()
  expect(await isLive(id)).toBe(false)
})

test.each(['', '/', '/v3', '/v3/', '/v2.0'])(
  'a real Keystone is found at its root with "%s"',
  async (path) => {
    const session = connect({ cloud: await cloudOf({ ...learner, OS_AUTH_URL: `${facts.rootUrl}${path}` }) })
    expect((await session.token()).identityUrl).toBe(`${facts.rootUrl}/v3`)
    await session.close()
  },
)

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['Horizon', { openrc: `${state}/openrc-horizon.sh` }, {}],
  ['kolla', { openrc: `${state}/openrc-kolla.sh` }, { OS_USERNAME: 'hidden', OS_CLOUD: 'hidden' }],
  ['OVHcloud', { openrc: `${state}/openrc-ovh.sh` }, { OS_PASSWORD: user('learner').password }],
  ['clouds.yaml and secure.yaml', { cloud: 'real' }, {}],
  ['clouds.yaml with an application credential', { cloud: 'real-robot' }, {}],
])('a real Keystone takes what %s says', async (_name, flags, variables) => {
  const files = {
    OS_CLIENT_CONFIG_FILE: `${state}/clouds.yaml`,
    OS_CLIENT_SECURE_FILE: `${state}/secure.yaml`,
  }
  const session = connect({ cloud: await cloudOf({ ...files, ...variables }, flags) })
  expect(await session.token()).toMatchObject({ user: { name: 'learner' }, project: { name: 'workshop' } })
  expect((await session.endpoint('object-store')).region).toBe('SBG1')
  await session.close()
})

test.each<AuthCase<RegExp>>([
  ...refusedLogins(cast),
  [
    'a disabled user',
    () => ({ ...learner, OS_USERNAME: 'disabled', OS_PASSWORD: user('disabled').password }),
    /disabled user/,
  ],
  [
    'a password where more is wanted',
    () => ({ ...careful, ...workshop }),
    /password and totp|totp and password/,
  ],
])('a real Keystone refuses %s, and the hint names it', async (_name, variables, hint) => {
  const { result } = await runToEnd(await recipeOf(authenticateOnly), {
    cloud: await cloudOf(person(variables())),
  })
  expect(result).toMatchObject({
    exit: 5,
    problem: { code: 'AUTH_FAILED', hint: expect.stringMatching(hint) },
  })
})
