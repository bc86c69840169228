import { expect, test } from 'vitest'
import { bodyOf, keystoneOf, originOf, settle } from './settle.ts'

const url = { OS_AUTH_URL: 'http://keystone.test/v3' }
const password = { OS_USERNAME: 'demo', OS_PASSWORD: 'swordfish', OS_USER_DOMAIN_ID: 'default' }
const user = { name: 'demo', domain: { id: 'default' } }

test.each<[string, Record<string, string>, unknown]>([
  ['password', password, { methods: ['password'], password: { user: { ...user, password: 'swordfish' } } }],
  [
    'v3password',
    { OS_USER_ID: 'u1', OS_PASSWORD: 'swordfish' },
    { methods: ['password'], password: { user: { id: 'u1', password: 'swordfish' } } },
  ],
  ['token', { OS_TOKEN: 'tok' }, { methods: ['token'], token: { id: 'tok' } }],
  ['v3token', { OS_TOKEN: 'tok\r' }, { methods: ['token'], token: { id: 'tok' } }],
  ['', { OS_TOKEN: 'tok' }, { methods: ['token'], token: { id: 'tok' } }],
  ['', { OS_AUTH_TOKEN: 'tok' }, { methods: ['token'], token: { id: 'tok' } }],
  [
    'v3applicationcredential',
    { OS_APPLICATION_CREDENTIAL_ID: 'a1', OS_APPLICATION_CREDENTIAL_SECRET: 'sec' },
    { methods: ['application_credential'], application_credential: { id: 'a1', secret: 'sec' } },
  ],
  [
    '',
    { OS_APPLICATION_CREDENTIAL_ID: 'a1', OS_APPLICATION_CREDENTIAL_SECRET: 'sec' },
    { methods: ['application_credential'], application_credential: { id: 'a1', secret: 'sec' } },
  ],
  [
    'v3applicationcredential',
    {
      OS_APPLICATION_CREDENTIAL_NAME: 'robot',
      OS_APPLICATION_CREDENTIAL_SECRET: 'sec',
      OS_USERNAME: 'demo',
      OS_USER_DOMAIN_ID: 'default',
    },
    {
      methods: ['application_credential'],
      application_credential: { name: 'robot', secret: 'sec', user },
    },
  ],
  [
    'v3applicationcredential',
    {
      OS_APPLICATION_CREDENTIAL_NAME: 'robot',
      OS_APPLICATION_CREDENTIAL_SECRET: 'sec',
      OS_USER_ID: 'u1',
    },
    {
      methods: ['application_credential'],
      application_credential: { name: 'robot', secret: 'sec', user: { id: 'u1' } },
    },
  ],
  [
    'v3totp',
    { OS_USERNAME: 'demo', OS_USER_DOMAIN_ID: 'default', OS_PASSCODE: '123456' },
    { methods: ['totp'], totp: { user: { ...user, passcode: '123456' } } },
  ],
  [
    'v3multifactor',
    { ...password, OS_AUTH_METHODS: 'v3password, v3totp', OS_PASSCODE: '012345' },
    {
      methods: ['password', 'totp'],
      password: { user: { ...user, password: 'swordfish' } },
      totp: { user: { ...user, passcode: '012345' } },
    },
  ],
])('auth type "%s" sends its identity', async (type, variables, identity) => {
  const cloud = await settle({ environment: { ...url, OS_AUTH_TYPE: type, ...variables } })
  expect(bodyOf(cloud)).toEqual({ identity })
})

test.each([
  ['none', {}, { kind: 'none', endpoint: 'http://ironic.test' }],
  ['None', {}, { kind: 'none', endpoint: 'http://ironic.test' }],
  [
    'http_basic',
    { OS_USERNAME: 'demo', OS_PASSWORD: 'swordfish' },
    { kind: 'http_basic', endpoint: 'http://ironic.test', username: 'demo', password: 'swordfish' },
  ],
  ['admin_token', { OS_TOKEN: 'tok' }, { kind: 'admin_token', endpoint: 'http://ironic.test', token: 'tok' }],
  [
    'token_endpoint',
    { OS_TOKEN: 'tok' },
    { kind: 'admin_token', endpoint: 'http://ironic.test', token: 'tok' },
  ],
])('auth type "%s" needs no Keystone', async (type, variables, credentials) => {
  for (const name of ['OS_ENDPOINT', 'OS_URL'])
    expect(
      (await settle({ environment: { OS_AUTH_TYPE: type, [name]: 'http://ironic.test', ...variables } }))
        .credentials,
    ).toEqual(credentials)
})

const credential = { OS_APPLICATION_CREDENTIAL_ID: 'a1', OS_APPLICATION_CREDENTIAL_SECRET: 'sec' }

test.each<[string, Record<string, string>, string, string]>([
  ['', { OS_USERNAME: 'demo', OS_PASSWORD: 'x' }, 'auth-url', 'password'],
  ['', { ...url, OS_USERNAME: 'demo' }, 'password', 'password'],
  ['', { ...url, OS_PASSWORD: 'x' }, 'username', 'password'],
  ['password', { ...url, OS_TOKEN: 'x' }, 'username', 'password'],
  ['v3token', url, 'token', 'v3token'],
  ['v3totp', { ...url, OS_USER_ID: 'u1' }, 'passcode', 'v3totp'],
  ['v3multifactor', { ...url, OS_USER_ID: 'u1' }, 'auth-methods', 'v3multifactor'],
  [
    'v3multifactor',
    { ...url, OS_USER_ID: 'u1', OS_AUTH_METHODS: 'v3password', OS_PASSCODE: '1' },
    'password',
    'v3multifactor',
  ],
  [
    'v3applicationcredential',
    { ...url, OS_APPLICATION_CREDENTIAL_ID: 'a1' },
    'application-credential-secret',
    'v3applicationcredential',
  ],
  [
    '',
    { ...url, OS_APPLICATION_CREDENTIAL_ID: 'a1' },
    'application-credential-secret',
    'v3applicationcredential',
  ],
  [
    '',
    { ...url, OS_APPLICATION_CREDENTIAL_SECRET: 'sec' },
    'application-credential-id',
    'v3applicationcredential',
  ],
  [
    'v3applicationcredential',
    { ...url, OS_APPLICATION_CREDENTIAL_NAME: 'robot', OS_APPLICATION_CREDENTIAL_SECRET: 'sec' },
    'username',
    'v3applicationcredential',
  ],
  ['none', {}, 'endpoint', 'none'],
  ['http_basic', { OS_ENDPOINT: 'http://x.test', OS_USERNAME: 'demo' }, 'password', 'http_basic'],
  ['admin_token', { OS_ENDPOINT: 'http://x.test' }, 'token', 'admin_token'],
])('auth type "%s" with %o lacks %s', async (type, variables, option, named) => {
  const variable = `OS_${option.replaceAll('-', '_').toUpperCase()}`
  await expect(
    settle({ environment: { OS_AUTH_TYPE: type, OS_USER_DOMAIN_ID: 'default', ...variables } }),
  ).rejects.toMatchObject({
    code: 'CLOUD_INCOMPLETE',
    message: `Missing value ${option} required for auth type ${named}.`,
    hint: expect.stringContaining(variable),
  })
})

test.each([
  ['v3pasword', 'v3password'],
  ['v3oidcpasword', 'v3oidcpassword'],
  ['v3websoo', 'v3websso'],
  ['constructor', undefined],
])('the auth type %s is not supported', async (type, guess) => {
  await expect(settle({ environment: { ...url, ...password, OS_AUTH_TYPE: type } })).rejects.toMatchObject({
    code: 'CLOUD_INVALID',
    hint: expect.stringContaining(guess === undefined ? 'Supported: ' : `Did you mean ${guess}?`),
  })
})

test.each([
  [
    'v3oidcpassword',
    /identity provider with a password; osrun does not support it/,
    /application credential/,
  ],
  ['v3samlpassword', /SAML/, /v3applicationcredential/],
  ['v3kerberos', /Kerberos/, /OS_TOKEN/],
  ['v2password', /v2\.0/, /OS_AUTH_TYPE=v3password/],
])(
  'the auth type %s is told as what it is, and not as another that is misspelt',
  async (type, message, hint) => {
    const sources = { environment: { ...url, ...password, OS_AUTH_TYPE: type } }
    await expect(settle(sources)).rejects.toMatchObject({
      code: 'CLOUD_INVALID',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
    await expect(settle(sources)).rejects.toMatchObject({ hint: expect.not.stringContaining('Did you mean') })
  },
)

test.each(['v3samlpassword', 'none', 'toString'])(
  'the method %s of v3multifactor is not supported',
  async (name) => {
    await expect(
      settle({
        environment: {
          ...url,
          ...password,
          OS_AUTH_TYPE: 'v3multifactor',
          OS_AUTH_METHODS: `v3password,${name}`,
        },
      }),
    ).rejects.toMatchObject({ code: 'CLOUD_INVALID' })
  },
)

test('auth_type goes before the older auth_plugin', async () => {
  const cloud = await settle({
    environment: { ...url, OS_AUTH_PLUGIN: 'password', OS_AUTH_TYPE: 'v3token', OS_TOKEN: 'tok' },
  })
  expect(bodyOf(cloud)).toMatchObject({ identity: { methods: ['token'] } })
})

test.each<[string, Record<string, string>, readonly string[]]>([
  [
    'an application credential leaves out a project',
    { ...credential, OS_AUTH_TYPE: 'v3applicationcredential', OS_PROJECT_NAME: 'demo' },
    ['OS_PROJECT_NAME'],
  ],
  [
    'an application credential leaves out the system',
    { ...credential, OS_AUTH_TYPE: 'v3applicationcredential', OS_SYSTEM_SCOPE: 'all', OS_TRUST_ID: 't1' },
    ['OS_SYSTEM_SCOPE', 'OS_TRUST_ID'],
  ],
  [
    'a token leaves out a domain of a user',
    { OS_AUTH_TYPE: 'token', OS_TOKEN: 'tok', OS_USER_DOMAIN_NAME: 'Default' },
    ['OS_USER_DOMAIN_NAME'],
  ],
  [
    'a token leaves out the user',
    { OS_AUTH_TYPE: 'token', OS_TOKEN: 'tok', OS_USERNAME: 'demo', OS_PASSWORD: 'x' },
    ['OS_USERNAME', 'OS_PASSWORD'],
  ],
])('%s, and says so', async (_name, variables, named) => {
  const cloud = await settle({ environment: { ...url, ...variables } })
  expect(bodyOf(cloud)).not.toHaveProperty('scope')
  expect(Object.keys((bodyOf(cloud) as { identity: object }).identity)).toHaveLength(2)
  expect(cloud.notes).toHaveLength(1)
  for (const variable of named) expect(cloud.notes[0]).toContain(variable)
})

test.each([
  ['a flag goes before variables of a user', { token: 'flag' }, {}, ['token'], 'OS_USERNAME'],
  ['a flag for the user goes before it', { token: 'flag', username: 'me' }, {}, ['password'], '--os-token'],
  ['an auth_type decides', { token: 'flag' }, { OS_AUTH_TYPE: 'password' }, ['password'], '--os-token'],
  ['a variable does not', {}, { OS_TOKEN: 'tok' }, ['password'], 'OS_TOKEN'],
])(
  'of a token beside a password: %s, and what is not used is told',
  async (_name, flags, more, methods, named) => {
    const user = { OS_USERNAME: 'demo', OS_PASSWORD: 'x', OS_USER_DOMAIN_ID: 'default' }
    const cloud = await settle({ flags, environment: { ...url, ...user, ...more } })
    expect(bodyOf(cloud)).toMatchObject({ identity: { methods } })
    expect(cloud.notes.join('\n')).toContain(named)
  },
)

test('a token uses a domain for its project, and says nothing of one that it uses', async () => {
  const cloud = await settle({
    environment: { ...url, OS_TOKEN: 'tok', OS_PROJECT_NAME: 'demo', OS_DOMAIN_NAME: 'Default' },
  })
  expect(bodyOf(cloud)).toMatchObject({ scope: { project: { name: 'demo', domain: { name: 'Default' } } } })
  expect(cloud.notes).toEqual([])
})

test.each(['keystone.test:5000/v3', 'ftp://keystone.test/v3', 'https://', 'keystone'])(
  'the auth URL %s is refused with where it came from',
  async (authUrl) => {
    await expect(settle({ environment: { ...password, OS_AUTH_URL: authUrl } })).rejects.toMatchObject({
      code: 'CLOUD_INVALID',
      message: expect.stringContaining('OS_AUTH_URL'),
    })
  },
)

test('an auth URL with a password in it is refused and not shown', async () => {
  const refused = settle({ environment: { ...password, OS_AUTH_URL: 'https://me:hush@keystone.test/v3' } })
  await expect(refused).rejects.toMatchObject({
    code: 'CLOUD_INVALID',
    message: expect.not.stringContaining('hush'),
  })
})

test.each(['ironic.test', 'http://me:hush@ironic.test'])(
  'the endpoint %s is refused, too',
  async (endpoint) => {
    await expect(
      settle({ environment: { OS_AUTH_TYPE: 'none', OS_ENDPOINT: endpoint } }),
    ).rejects.toMatchObject({
      code: 'CLOUD_INVALID',
      message: expect.stringMatching(/OS_ENDPOINT/),
    })
  },
)

test.each([
  ['HTTPS://keystone.test/v3', 'HTTPS://keystone.test/v3'],
  [' http://keystone.test/v3\r', 'http://keystone.test/v3'],
])('the auth URL %j is taken', async (authUrl, taken) => {
  const cloud = await settle({ environment: { ...password, OS_AUTH_URL: authUrl } })
  expect(keystoneOf(cloud).authUrl).toBe(taken)
})

test('a password keeps its spaces, and loses a carriage return at its end', async () => {
  const cloud = await settle({ environment: { ...url, ...password, OS_PASSWORD: ' two words \r' } })
  expect(bodyOf(cloud)).toMatchObject({ identity: { password: { user: { password: ' two words ' } } } })
})

test.each(['OS_PASSWORD', 'OS_TOKEN', 'OS_PASSCODE', 'OS_APPLICATION_CREDENTIAL_SECRET'])(
  '%s is never among the sources of values',
  async (variable) => {
    const cloud = await settle({
      environment: { ...url, ...password, OS_APPLICATION_CREDENTIAL_ID: 'a1', [variable]: 'hush-hush' },
    })
    const option = variable.slice(3).toLowerCase()
    expect(cloud.valueSources.find((one) => one.option === option)).toMatchObject({ secret: true, value: '' })
    expect(originOf(cloud, option)?.[1]).toBe(variable)
    expect(JSON.stringify(cloud.valueSources)).not.toContain('hush')
  },
)
