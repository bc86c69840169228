import { describe, expect, test } from 'vitest'
import { bodyOf, originOf, settle } from './settle.ts'

const publicFile = `public-clouds:
  vendor: { interface: profile, auth: { auth_url: http://k.test/v3, username: profile } }
`
const cloudsFile = (lines: readonly string[], region = ''): string => `clouds:
  mine:
    profile: vendor
    auth: { user_domain_id: default, password: hush }
${lines.map((line) => `    ${line}\n`).join('')}    regions:
      - name: R1
        values: { ${region} }
`

// Each layer says its own name, as username and as interface, and the uppermost is to be heard.
const layers = [
  { says: '--os-username', flags: { username: 'flag', interface: 'flag' } },
  { says: 'OS_USERNAME', environment: { OS_USERNAME: 'environment', OS_INTERFACE: 'environment' } },
  { says: 'clouds.yaml:9', region: 'username: region, interface: region' },
  { says: 'secure.yaml:3', secure: 'clouds:\n  mine:\n    username: secure\n    interface: secure\n' },
  { says: 'clouds.yaml:5', lines: ['username: file', 'interface: file'] },
  { says: 'clouds-public.yaml:2' },
]
const values = ['flag', 'environment', 'region', 'secure', 'file', 'profile']

test.each(values.map((value, index) => [value, index] as const))(
  'the value of the %s goes before all that come after it',
  async (value, index) => {
    const present = layers.slice(index)
    const find = <K extends string>(key: K): unknown =>
      present.map((layer) => (layer as Record<string, unknown>)[key]).find((found) => found !== undefined)
    const cloud = await settle({
      flags: { cloud: 'mine', ...(find('flags') as Record<string, string> | undefined) },
      environment: (find('environment') as Record<string, string> | undefined) ?? {},
      files: {
        '/here/clouds.yaml': cloudsFile(
          (find('lines') as string[] | undefined) ?? ['x: 1', 'y: 1'],
          (find('region') as string | undefined) ?? '',
        ),
        '/here/clouds-public.yaml': publicFile,
        ...(find('secure') !== undefined && { '/here/secure.yaml': String(find('secure')) }),
      },
    })
    expect(originOf(cloud, 'username')).toEqual([value, layers[index]?.says])
    expect(cloud.interfaces).toEqual([value])
  },
)

test('where nobody says anything, the defaults hold', async () => {
  const environment = { OS_AUTH_URL: 'http://k.test', OS_USERNAME: 'me', OS_PASSWORD: 'hush' }
  expect(await settle({ environment })).toMatchObject({
    name: undefined,
    region: undefined,
    interfaces: ['public'],
    tls: { insecure: false },
    endpointOverrides: {},
    credentials: { kind: 'keystone', methods: [{ kind: 'password' }], scope: { kind: 'default' } },
  })
})

const file = {
  '/here/clouds.yaml':
    'clouds:\n  mine:\n    auth: { auth_url: http://k.test, username: me, password: hush, project_id: p1, user_domain_id: default }\n',
}

test('variables that change a cloud of clouds.yaml are told', async () => {
  const cloud = await settle({
    environment: { OS_CLOUD: 'mine', OS_USERNAME: 'other', OS_REGION_NAME: 'R1', OS_INSECURE: 'true' },
    files: file,
  })
  expect(cloud.notes).toEqual(['The cloud "mine" is changed by the environment: OS_USERNAME.'])
})

test('a name that gives way to an id of a lower layer is told with both', async () => {
  const cloud = await settle({ flags: { cloud: 'mine', project_name: 'other' }, files: file })
  expect(bodyOf(cloud)).toMatchObject({ scope: { project: { id: 'p1' } } })
  expect(cloud.notes).toEqual([expect.stringMatching(/--os-project-name.*clouds\.yaml:3/)])
})

describe('an openrc file', () => {
  const openrc = (text: string) => ({
    '/rc': `export OS_AUTH_URL=http://k.test\nexport OS_PASSWORD=hush\n${text}`,
  })
  const settleOpenrc = (text: string, environment = {}, flags = {}) =>
    settle({ flags: { openrc: '/rc', ...flags }, environment, files: { ...file, ...openrc(text) } })

  test('stands for the environment, and goes before it', async () => {
    const cloud = await settleOpenrc('export OS_USERNAME=file\n', {
      OS_USERNAME: 'shell',
      OS_PROJECT_ID: 'p2',
    })
    expect(originOf(cloud, 'username')).toEqual(['file', '/rc:3'])
    expect(originOf(cloud, 'project_id')).toEqual(['p2', 'OS_PROJECT_ID'])
    expect(cloud.name).toBeUndefined()
  })

  test('gives way to flags', async () => {
    const cloud = await settleOpenrc('export OS_USERNAME=file\n', {}, { username: 'flag' })
    expect(originOf(cloud, 'username')).toEqual(['flag', '--os-username'])
  })

  test('hides what it takes away', async () => {
    const cloud = await settleOpenrc('export OS_USERNAME=file\nunset OS_TENANT_ID\n', { OS_TENANT_ID: 't1' })
    expect(originOf(cloud, 'project_id')).toBeUndefined()
  })

  test('that takes everything away leaves the password that it would ask for', async () => {
    const rc =
      'for k in $(set | grep ^OS_ | cut -d= -f1); do unset $k; done\nread -s P\nexport OS_PASSWORD=$P OS_AUTH_URL=http://k.test OS_USERNAME=file\n'
    const cloud = await settle({
      flags: { openrc: '/rc' },
      environment: { OS_PASSWORD: 'from the shell', OS_PROJECT_ID: 'p2', OS_CLOUD: 'mine' },
      files: { ...file, '/rc': rc },
    })
    expect(bodyOf(cloud)).toEqual({
      identity: {
        methods: ['password'],
        password: { user: { name: 'file', password: 'from the shell' } },
      },
    })
  })

  test('that would ask for the password says which variable to set', async () => {
    await expect(
      settle({
        flags: { openrc: '/rc' },
        files: {
          '/rc':
            'export OS_AUTH_URL=http://k.test\nexport OS_USERNAME=me\nread -sr IN\nexport OS_PASSWORD=$IN\n',
        },
      }),
    ).rejects.toMatchObject({ code: 'CLOUD_INCOMPLETE', hint: expect.stringContaining('set OS_PASSWORD') })
  })

  test('may name a cloud', async () => {
    expect(
      (await settle({ flags: { openrc: '/rc' }, files: { ...file, '/rc': 'export OS_CLOUD=mine' } })).name,
    ).toBe('mine')
  })

  test('hides the OS_CLOUD of the shell', async () => {
    expect((await settleOpenrc('export OS_USERNAME=me\n', { OS_CLOUD: 'mine' })).name).toBeUndefined()
  })

  test.each([
    ['is not there', undefined],
    ['may not be read', new Error('EACCES')],
  ])('that %s is told by its name', async (_name, found) => {
    await expect(
      settle({ flags: { openrc: '/rc' }, files: found === undefined ? {} : { '/rc': found } }),
    ).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining('/rc') })
  })
})

describe('TLS', () => {
  const environment = { OS_AUTH_URL: 'http://k.test', OS_USERNAME: 'me', OS_PASSWORD: 'hush' }
  const inFile = (line: string) => ({
    '/here/clouds.yaml': `clouds:\n  mine:\n    ${line}\n    auth: { auth_url: http://k.test, user_id: u, password: hush }\n`,
  })
  test.each([
    ['true', true],
    ['True', true],
    ['1', false],
    ['yes', false],
    ['false', false],
  ])('OS_INSECURE=%s', async (value, insecure) => {
    expect((await settle({ environment: { ...environment, OS_INSECURE: value } })).tls.insecure).toBe(
      insecure,
    )
  })

  test.each([
    ['verify: false', true],
    ['verify: no', true],
    ['verify: true', false],
    ['insecure: true', true],
    ['insecure: yes', true],
    ['insecure: false', false],
  ])('`%s` in clouds.yaml', async (line, insecure) => {
    expect((await settle({ flags: { cloud: 'mine' }, files: inFile(line) })).tls.insecure).toBe(insecure)
  })

  test('--insecure wins over everything, and a cacert beside it is told', async () => {
    const cloud = await settle({
      flags: { cloud: 'mine', insecure: true, cacert: '/ca.pem' },
      files: inFile('verify: true'),
    })
    expect(cloud.tls.insecure).toBe(true)
    expect(cloud.notes).toEqual([expect.stringContaining('cacert')])
  })

  test('the home is put for a ~, and other paths stay', async () => {
    const cloud = await settle({
      environment: { ...environment, OS_CACERT: '~/ca.pem', OS_CERT: 'cert.pem', OS_KEY: '~other/key.pem' },
    })
    expect(cloud.tls).toEqual({
      insecure: false,
      cacert: '/home/me/ca.pem',
      cert: 'cert.pem',
      key: '~other/key.pem',
    })
  })

  test('OS_ENDPOINT_TYPE gives way to OS_INTERFACE', async () => {
    const both = { ...environment, OS_ENDPOINT_TYPE: 'internalURL', OS_INTERFACE: 'admin' }
    expect((await settle({ environment: both })).interfaces).toEqual(['admin'])
    expect((await settle({ environment: { ...both, OS_INTERFACE: '' } })).interfaces).toEqual(['internal'])
  })
})
