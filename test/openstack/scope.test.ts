import { expect, test } from 'vitest'
import { bodyOf, originOf, settle } from './settle.ts'

const person = { OS_AUTH_URL: 'http://keystone.test/v3', OS_USERNAME: 'demo', OS_PASSWORD: 'swordfish' }
const byId = { id: 'default' }
const byName = { name: 'Default' }

test.each<[string, Record<string, string>, unknown, unknown]>([
  ['nothing', {}, undefined, undefined],
  ['a project by name', { OS_PROJECT_NAME: 'demo' }, undefined, { project: { name: 'demo' } }],
  [
    'a project by name with API version 3',
    { OS_PROJECT_NAME: 'demo', OS_IDENTITY_API_VERSION: '3' },
    byId,
    { project: { name: 'demo', domain: byId } },
  ],
  [
    'API version 3.0, which is not exactly 3',
    { OS_PROJECT_NAME: 'demo', OS_IDENTITY_API_VERSION: '3.0' },
    undefined,
    { project: { name: 'demo' } },
  ],
  [
    'another default domain with API version 3',
    { OS_PROJECT_NAME: 'demo', OS_IDENTITY_API_VERSION: '3', OS_DEFAULT_DOMAIN: 'd1' },
    { id: 'd1' },
    { project: { name: 'demo', domain: { id: 'd1' } } },
  ],
  [
    'a default domain without API version 3',
    { OS_PROJECT_NAME: 'demo', OS_DEFAULT_DOMAIN: 'd1' },
    undefined,
    { project: { name: 'demo' } },
  ],
  [
    'default_domain_name',
    { OS_PROJECT_NAME: 'demo', OS_DEFAULT_DOMAIN_NAME: 'Default' },
    byName,
    { project: { name: 'demo', domain: byName } },
  ],
  [
    'a domain beside a project, for the domains of user and project',
    { OS_PROJECT_NAME: 'demo', OS_DOMAIN_NAME: 'Default' },
    byName,
    { project: { name: 'demo', domain: byName } },
  ],
  [
    'a domain beside a project that has its own',
    { OS_PROJECT_NAME: 'demo', OS_DOMAIN_NAME: 'Default', OS_PROJECT_DOMAIN_ID: 'd1' },
    byName,
    { project: { name: 'demo', domain: { id: 'd1' } } },
  ],
  ['a domain', { OS_USER_DOMAIN_ID: 'default', OS_DOMAIN_ID: 'default' }, byId, { domain: byId }],
  [
    'a domain by name',
    { OS_USER_DOMAIN_ID: 'default', OS_DOMAIN_NAME: 'D' },
    byId,
    { domain: { name: 'D' } },
  ],
  ['the system', { OS_USER_DOMAIN_ID: 'default', OS_SYSTEM_SCOPE: 'all' }, byId, { system: { all: true } }],
  ['a trust', { OS_USER_DOMAIN_ID: 'default', OS_TRUST_ID: 't1' }, byId, { 'OS-TRUST:trust': { id: 't1' } }],
  [
    'a project by id and name',
    { OS_USER_DOMAIN_NAME: 'Default', OS_PROJECT_ID: 'p1', OS_PROJECT_NAME: 'demo' },
    byName,
    { project: { id: 'p1' } },
  ],
  [
    'a project by id, with its domain',
    { OS_USER_DOMAIN_NAME: 'Default', OS_PROJECT_ID: 'p1', OS_PROJECT_DOMAIN_NAME: 'Default' },
    byName,
    { project: { id: 'p1' } },
  ],
  [
    'a tenant, as OVHcloud writes it',
    {
      OS_TENANT_ID: 'tid',
      OS_TENANT_NAME: '123',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
    },
    byName,
    { project: { id: 'tid' } },
  ],
  [
    'a tenant by name, and a project that goes before it',
    { OS_TENANT_NAME: 'old', OS_PROJECT_NAME: 'new', OS_DOMAIN_ID: 'default' },
    byId,
    { project: { name: 'new', domain: byId } },
  ],
  ['empty variables', { OS_PROJECT_NAME: '', OS_DOMAIN_NAME: '', OS_TENANT_ID: '' }, undefined, undefined],
])('the environment says %s', async (_name, variables, domain, scope) => {
  const cloud = await settle({ environment: { ...person, ...variables } })
  expect(bodyOf(cloud)).toEqual({
    identity: {
      methods: ['password'],
      password: { user: { name: 'demo', password: 'swordfish', ...(domain !== undefined && { domain }) } },
    },
    ...(scope !== undefined && { scope }),
  })
})

test.each([
  ['a user', { OS_AUTH_TYPE: 'v3password', OS_PROJECT_NAME: 'demo' }, 'OS_USER_DOMAIN_NAME'],
  [
    'a project',
    { OS_AUTH_TYPE: 'v3password', OS_PROJECT_NAME: 'demo', OS_USER_DOMAIN_ID: 'default' },
    'OS_PROJECT_DOMAIN_NAME',
  ],
])(
  'v3password refuses %s by name without a domain before anything is sent',
  async (_what, variables, variable) => {
    await expect(settle({ environment: { ...person, ...variables } })).rejects.toMatchObject({
      code: 'CLOUD_INCOMPLETE',
      hint: expect.stringContaining(variable),
    })
  },
)

test.each([
  ['system and project', { OS_SYSTEM_SCOPE: 'all', OS_PROJECT_ID: 'p1' }],
  ['trust and project', { OS_TRUST_ID: 't1', OS_PROJECT_ID: 'p1' }],
  ['system and domain', { OS_SYSTEM_SCOPE: 'all', OS_DOMAIN_ID: 'default' }],
  ['a system that is not all of it', { OS_SYSTEM_SCOPE: 'some' }],
])('%s is no scope', async (_name, variables) => {
  await expect(settle({ environment: { ...person, ...variables } })).rejects.toMatchObject({
    code: 'CLOUD_INVALID',
    message: expect.stringContaining(Object.keys(variables)[0] ?? ''),
  })
})

test('the user id goes before name and domain', async () => {
  const cloud = await settle({
    environment: {
      ...person,
      OS_USER_ID: 'u1',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_IDENTITY_API_VERSION: '3',
    },
  })
  expect(bodyOf(cloud)).toMatchObject({
    identity: { password: { user: { id: 'u1', password: 'swordfish' } } },
  })
  expect(bodyOf(cloud)).not.toHaveProperty('identity.password.user.name')
  expect(bodyOf(cloud)).not.toHaveProperty('identity.password.user.domain')
})

test('a user id needs no domain, so API version 3 adds none', async () => {
  const cloud = await settle({
    environment: { ...person, OS_USER_ID: 'u1', OS_IDENTITY_API_VERSION: '3' },
  })
  expect(originOf(cloud, 'user_domain_id')).toBeUndefined()
})
