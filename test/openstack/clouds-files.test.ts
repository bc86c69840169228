import { describe, expect, test } from 'vitest'
import { bodyOf, keystoneOf, originOf, settle } from './settle.ts'

/** A clouds.yaml with one cloud that lacks nothing. */
const cloudCalled = (user: string): string =>
  `clouds:\n  mine:\n    auth: { auth_url: http://k.test/v3, username: ${user}, password: hush, user_domain_id: default }\n`

const auth = '{ auth_url: "http://k.test/v3", user_id: u1, password: hush }'

describe('the search for clouds.yaml', () => {
  const places = [
    '/here/clouds.yaml',
    '/here/clouds.yml',
    '/here/clouds.json',
    '/home/me/.config/openstack/clouds.yaml',
    '/etc/xdg/openstack/clouds.yaml',
    '/etc/openstack/clouds.yaml',
  ]
  test.each(places.map((place, index) => [place, places.slice(index)] as const))(
    '%s goes before what comes after it',
    async (place, present) => {
      const files = Object.fromEntries(present.map((path, at) => [path, cloudCalled(`user${at}`)]))
      const cloud = await settle({ flags: { cloud: 'mine' }, files })
      expect(originOf(cloud, 'username')).toEqual(['user0', expect.stringContaining(place.slice(-6, -4))])
      expect(cloud.notes).toEqual([])
    },
  )

  test.each<[string, string, Record<string, string>, string]>([
    ['linux', 'XDG_CONFIG_HOME', { XDG_CONFIG_HOME: '/config' }, '/config/openstack'],
    ['linux', 'the home of a snap', { SNAP_REAL_HOME: '/real' }, '/real/.config/openstack'],
    ['darwin', 'the Library', {}, '/home/me/Library/Application Support/openstack'],
    ['darwin', '.config', {}, '/home/me/.config/openstack'],
    ['win32', 'LOCALAPPDATA', { LOCALAPPDATA: 'C:/Local' }, 'C:/Local/OpenStack/openstack'],
  ])('on %s it looks in %s', async (platform, _name, environment, folder) => {
    const files = { [`${folder}/clouds.yaml`]: cloudCalled('found') }
    const cloud = await settle({ flags: { cloud: 'mine' }, environment, files, platform })
    expect(originOf(cloud, 'username')?.[0]).toBe('found')
  })

  test('OS_CLIENT_CONFIG_FILE goes before all places', async () => {
    const cloud = await settle({
      environment: { OS_CLOUD: 'mine', OS_CLIENT_CONFIG_FILE: '/own.yaml' },
      files: { '/own.yaml': cloudCalled('own'), '/here/clouds.yaml': cloudCalled('other') },
    })
    expect(originOf(cloud, 'username')?.[0]).toBe('own')
  })

  test('without the file that OS_CLIENT_CONFIG_FILE names, the usual places are told and searched', async () => {
    const cloud = await settle({
      environment: { OS_CLOUD: 'mine', OS_CLIENT_CONFIG_FILE: '/gone.yaml' },
      files: { '/here/clouds.yaml': cloudCalled('other') },
    })
    expect(originOf(cloud, 'username')?.[0]).toBe('other')
    expect(cloud.notes).toEqual([expect.stringContaining('/gone.yaml')])
  })

  test('a file that may not be read is passed over with a note', async () => {
    const cloud = await settle({
      flags: { cloud: 'mine' },
      files: { '/here/clouds.yaml': new Error('EACCES'), '/etc/openstack/clouds.yaml': cloudCalled('etc') },
    })
    expect(originOf(cloud, 'username')?.[0]).toBe('etc')
    expect(cloud.notes).toEqual([expect.stringContaining('/here/clouds.yaml')])
  })

  test('the file that OS_CLIENT_CONFIG_FILE names has to be readable', async () => {
    const settled = settle({
      environment: { OS_CLOUD: 'mine', OS_CLIENT_CONFIG_FILE: '/own.yaml' },
      files: { '/own.yaml': new Error('EACCES') },
    })
    await expect(settled).rejects.toMatchObject({ code: 'CLOUDS_FILE_INVALID' })
  })

  test('clouds.json is read', async () => {
    const file = JSON.stringify({
      clouds: { mine: { auth: { auth_url: 'http://k.test/v3', user_id: 'u', password: 'hush' } } },
    })
    const cloud = await settle({ files: { '/here/clouds.json': file } })
    expect(cloud.name).toBe('mine')
  })
})

describe('a bad file', () => {
  test.each([
    ['broken YAML', 'clouds:\n  mine: {\n', 3],
    ['an unquoted password', 'clouds:\n  mine:\n    auth:\n      password: *hush\n', 4],
    ['a tab', 'clouds:\n\tmine: 1\n', 2],
    ['a key twice', 'clouds:\n  mine: {}\n  mine: {}\n', 3],
    ['no mapping', '- clouds\n', 1],
    ['clouds that are a list', 'clouds:\n  - mine\n', 2],
    ['an entry that is no mapping', 'clouds:\n  mine: nothing\n', 2],
    ['auth that is no mapping', 'clouds:\n  mine:\n    auth: hush\n', 3],
  ])('with %s is refused with its line and without its text', async (_name, text, line) => {
    const error = await settle({ flags: { cloud: 'mine' }, files: { '/here/clouds.yaml': text } }).catch(
      (e) => e,
    )
    expect(error).toMatchObject({ code: 'CLOUDS_FILE_INVALID', at: { file: '/here/clouds.yaml', line } })
    expect(`${error.message} ${error.hint}`).not.toContain('hush')
  })

  test.each([
    ['nothing', ''],
    ['no clouds', 'cloud: {}\n'],
    ['empty clouds', 'clouds:\n'],
  ])('with %s has no cloud', async (_name, text) => {
    await expect(
      settle({ flags: { cloud: 'mine' }, files: { '/here/clouds.yaml': text } }),
    ).rejects.toMatchObject({ code: 'CLOUD_UNKNOWN', hint: expect.stringContaining('/here/clouds.yaml') })
    await expect(settle({ files: { '/here/clouds.yaml': text } })).rejects.toMatchObject({
      code: 'CLOUD_MISSING',
    })
  })

  test('a misspelt option is pointed at when the right one is missing', async () => {
    const text =
      'clouds:\n  mine:\n    auth:\n      auth_url: http://k.test\n      user_id: u\n      pasword: hush\n'
    await expect(settle({ files: { '/here/clouds.yaml': text } })).rejects.toMatchObject({
      code: 'CLOUD_INCOMPLETE',
      hint: expect.stringContaining('pasword (clouds.yaml:6)'),
    })
  })
})

describe('the choice of a cloud', () => {
  const files = { '/here/clouds.yaml': `clouds:\n  one: { auth: ${auth} }\n  other: { auth: ${auth} }\n` }
  test('--cloud goes before OS_CLOUD', async () => {
    expect((await settle({ flags: { cloud: 'one' }, environment: { OS_CLOUD: 'other' }, files })).name).toBe(
      'one',
    )
    expect((await settle({ environment: { OS_CLOUD: 'other' }, files })).name).toBe('other')
  })

  test('of several clouds none is taken, and they are named', async () => {
    await expect(settle({ files })).rejects.toMatchObject({
      code: 'CLOUD_MISSING',
      hint: expect.stringContaining('one, other'),
    })
  })

  test('an unknown cloud is told with the nearest name', async () => {
    await expect(settle({ flags: { cloud: 'othr' }, files })).rejects.toMatchObject({
      code: 'CLOUD_UNKNOWN',
      hint: expect.stringMatching(/one, other.*Did you mean other\?/),
    })
  })

  const only = { '/here/clouds.yaml': `clouds:\n  one: { auth: ${auth} }\n` }
  test('the only cloud is taken, also when the shell says how to ask', async () => {
    const environment = { OS_REGION_NAME: 'R1', OS_INTERFACE: 'internal', OS_INSECURE: 'true' }
    expect(await settle({ environment, files: only })).toMatchObject({ name: 'one', region: 'R1' })
  })

  test.each(['OS_NAME', 'OS_VERSION', 'OS_COMPUTE_API_VERSION', 'OS_TEST_PATH', 'OS_LOG_CAPTURE'])(
    '%s, which says nothing of a cloud, does not hide the only cloud',
    async (variable) => {
      const cloud = await settle({ environment: { [variable]: '3' }, files: only })
      expect(cloud).toMatchObject({ name: 'one', notes: [] })
      expect(JSON.stringify(cloud.valueSources)).not.toContain(variable)
    },
  )

  test('variables that name a user stand for a cloud of their own', async () => {
    await expect(settle({ environment: { OS_USERNAME: 'me' }, files: only })).rejects.toMatchObject({
      code: 'CLOUD_INCOMPLETE',
      message: 'Missing value auth-url required for auth type password.',
      hint: expect.stringContaining('--cloud'),
    })
  })
})

describe('an entry', () => {
  const settleEntry = (entry: string, more: Record<string, string> = {}) =>
    settle({
      flags: { cloud: 'mine' },
      files: { '/here/clouds.yaml': `clouds:\n  mine:\n${entry}`, ...more },
    })

  test.each([
    ['digits', '0123456789', '0123456789'],
    ['a float', '1.10', '1.10'],
    ['an octal', '0o17', '0o17'],
    ['an exponent', '1e3', '1e3'],
    ['hexadecimal', '0x1F', '0x1F'],
    ['a boolean', 'true', 'true'],
    ['quotes', '"00"', '00'],
  ])('keeps a project of %s as it is written', async (_name, written, value) => {
    const cloud = await settleEntry(
      `    auth: { auth_url: http://k.test, user_id: u, password: 007, project_name: ${written} }\n`,
    )
    expect(bodyOf(cloud)).toMatchObject({
      identity: { password: { user: { password: '007' } } },
      scope: { project: { name: value } },
    })
  })

  test('takes a name of digits and keys with dashes', async () => {
    const files = { '/here/clouds.yaml': `clouds:\n  123:\n    region-name: R1\n    auth: ${auth}\n` }
    expect(await settle({ flags: { cloud: '123' }, files })).toMatchObject({ name: '123', region: 'R1' })
  })

  test('prefers what stands outside of auth', async () => {
    const cloud = await settleEntry(
      `    username: outer\n    auth: { auth_url: http://k.test, username: inner, password: hush }\n`,
    )
    expect(originOf(cloud, 'username')).toEqual(['outer', 'clouds.yaml:3'])
  })

  test('prefers project_* to tenant_* of the same place, in any order', async () => {
    for (const both of ['tenant_id: old, project_id: new', 'project_id: new, tenant_id: old'])
      expect(
        bodyOf(
          await settleEntry(`    auth: { auth_url: http://k.test, user_id: u, password: hush, ${both} }\n`),
        ),
      ).toMatchObject({ scope: { project: { id: 'new' } } })
  })

  test('takes a list where an option has several values', async () => {
    const cloud = await settleEntry(`    interface: [internalURL, public]\n    auth: ${auth}\n`)
    expect(cloud.interfaces).toEqual(['internal', 'public'])
  })

  test('takes anchors and merge keys', async () => {
    const text = `x: &base { auth_url: http://k.test, user_id: u, project_id: base, password: hush }\nclouds:\n  mine:\n    auth: { project_id: p, <<: *base }\n`
    const cloud = await settle({ files: { '/here/clouds.yaml': text } })
    expect(bodyOf(cloud)).toMatchObject({ scope: { project: { id: 'p' } } })
  })

  test('builds its URLs of other options', async () => {
    const cloud = await settleEntry(
      `    region_name: r1\n    object_store_endpoint_override: 'https://swift.{region_name}.test/v1/AUTH_%(project_id)s'\n    auth: { auth_url: 'https://{region_name}.test:5000/v3', user_id: u, password: hush }\n`,
    )
    expect(keystoneOf(cloud).authUrl).toBe('https://r1.test:5000/v3')
    expect(cloud.endpointOverrides['object-store']).toBe('https://swift.r1.test/v1/AUTH_%(project_id)s')
  })

  test('puts no secret into a URL', async () => {
    await expect(
      settleEntry(`    auth: { auth_url: 'https://k.test/{password}', user_id: u, password: hush }\n`),
    ).rejects.toMatchObject({
      code: 'CLOUD_INVALID',
      message: 'The auth URL "https://k.test/{password}" (clouds.yaml:3) is no http or https URL.',
    })
  })

  test('gives the override of an official type before that of its aliases', async () => {
    const cloud = await settleEntry(
      `    auth: ${auth}\n    volume_endpoint_override: http://a.test\n    volumev3_endpoint_override: http://b.test\n`,
    )
    expect(cloud.endpointOverrides).toEqual({ 'block-storage': 'http://b.test' })
    const official = await settleEntry(
      `    auth: ${auth}\n    volumev3_endpoint_override: http://b.test\n    block_storage_endpoint_override: http://c.test\n`,
    )
    expect(official.endpointOverrides).toEqual({ 'block-storage': 'http://c.test' })
  })
})

describe('secure.yaml', () => {
  const open = `clouds:\n  mine:\n    regions: [R1, R2]\n    auth: { auth_url: http://k.test, username: me, user_domain_id: default }\n`
  test('is merged key by key, and its values win', async () => {
    const cloud = await settle({
      files: {
        '/here/clouds.yaml': open,
        '/etc/openstack/secure.yaml': 'clouds:\n  mine:\n    auth: { password: hush, username: robot }\n',
      },
    })
    expect(bodyOf(cloud)).toMatchObject({
      identity: { password: { user: { name: 'robot', password: 'hush', domain: { id: 'default' } } } },
    })
    expect(originOf(cloud, 'password')).toEqual(['', 'secure.yaml:3'])
    expect(originOf(cloud, 'auth_url')).toEqual(['http://k.test', 'clouds.yaml:4'])
  })

  test('replaces lists', async () => {
    const cloud = await settle({
      files: {
        '/here/clouds.yaml': open,
        '/here/secure.yaml': 'clouds:\n  mine:\n    regions: [R3]\n    auth: { password: hush }\n',
      },
    })
    expect(cloud.region).toBe('R3')
  })

  test.each([
    ['user_id', 'outer'],
    ['project_id', 'inner'],
  ])('of %s in auth and beside it, %s goes first', async (option, first) => {
    const cloud = await settle({
      files: {
        '/here/clouds.yaml': `${open}    ${option}: outer\n`,
        '/here/secure.yaml': `clouds:\n  mine:\n    auth: { password: hush, ${option}: inner }\n`,
      },
    })
    expect(originOf(cloud, option)?.[0]).toBe(first)
  })

  test('may have a cloud of its own', async () => {
    const secure = `clouds:\n  hidden: { auth: ${auth} }\n`
    const files = { '/here/clouds.yaml': open, '/here/secure.yaml': secure }
    expect((await settle({ flags: { cloud: 'hidden' }, files })).name).toBe('hidden')
    expect((await settle({ files: { '/here/secure.yaml': secure } })).name).toBe('hidden')
  })

  test('is the file that OS_CLIENT_SECURE_FILE names', async () => {
    const cloud = await settle({
      environment: { OS_CLIENT_SECURE_FILE: '/vault/s.yaml' },
      files: {
        '/here/clouds.yaml': open,
        '/vault/s.yaml': 'clouds: { mine: { auth: { password: hush } } }\n',
      },
    })
    expect(originOf(cloud, 'password')?.[1]).toBe('s.yaml:1')
  })
})

describe('regions', () => {
  const file = (regions: string): string =>
    `clouds:\n  mine:\n    interface: public\n    auth: ${auth}\n${regions}`
  const listed = file(
    '    regions:\n      - R1\n      - name: R2\n        values: { interface: internal, auth: { project_id: p2 } }\n',
  )
  const settleRegion = (text: string, region?: string, environment = {}) =>
    settle({ flags: { region }, environment, files: { '/here/clouds.yaml': text } })

  test('the first of the list is taken without a wish', async () => {
    expect(await settleRegion(listed)).toMatchObject({ region: 'R1', interfaces: ['public'] })
  })

  test("a region's own values go before the cloud's, and its auth is merged", async () => {
    const cloud = await settleRegion(listed, 'R2')
    expect(cloud).toMatchObject({ region: 'R2', interfaces: ['internal'] })
    expect(bodyOf(cloud)).toMatchObject({
      scope: { project: { id: 'p2' } },
      identity: { password: { user: { id: 'u1' } } },
    })
  })

  test("the environment goes before a region's own values", async () => {
    expect((await settleRegion(listed, 'R2', { OS_INTERFACE: 'admin' })).interfaces).toEqual(['admin'])
  })

  test.each(['R9', 'r1'])('%s is not in the list, and the valid ones are told', async (region) => {
    for (const settled of [
      settleRegion(listed, region),
      settleRegion(listed, undefined, { OS_REGION_NAME: region }),
    ])
      await expect(settled).rejects.toMatchObject({
        code: 'REGION_UNKNOWN',
        message: `Region ${region} is not a valid region name for cloud mine. Valid choices are R1,R2.`,
        hint: expect.stringContaining('case-sensitive'),
      })
  })

  test('without a list any region passes', async () => {
    expect((await settleRegion(file('    region_name: R1\n'), 'R9')).region).toBe('R9')
    expect((await settleRegion(file(''))).region).toBeUndefined()
  })

  test.each(['region_name: R1,R2', 'region_name: [R1, R2]'])('%s is a list, too', async (line) => {
    const text = file(`    ${line}\n`)
    expect((await settleRegion(text)).region).toBe('R1')
    expect((await settleRegion(text, 'R2')).region).toBe('R2')
    await expect(settleRegion(text, 'R9')).rejects.toMatchObject({ code: 'REGION_UNKNOWN' })
  })
})

describe('a profile', () => {
  const entry = (profile: string): string =>
    `clouds:\n  mine:\n    ${profile}\n    auth: { username: me, password: hush }\n`
  const publicFile = `public-clouds:
  vendor:
    interface: internal
    regions: [V1, V2]
    auth: { auth_url: http://vendor.test, user_domain_name: Users, username: nobody }
  ovh: { auth: { auth_url: http://other.test } }
  closed: { status: shutdown, message: It is gone., auth: { auth_url: http://closed.test } }
`
  const settleProfile = (profile: string, environment = {}) =>
    settle({
      environment,
      files: { '/here/clouds.yaml': entry(profile), '/etc/openstack/clouds-public.yaml': publicFile },
    })

  test.each(['profile: vendor', 'cloud: vendor'])('`%s` gives what the entry lacks', async (line) => {
    const cloud = await settleProfile(line)
    expect(cloud).toMatchObject({ region: 'V1', interfaces: ['internal'] })
    expect(originOf(cloud, 'username')).toEqual(['me', 'clouds.yaml:4'])
    expect(originOf(cloud, 'auth_url')).toEqual(['http://vendor.test', 'clouds-public.yaml:5'])
    expect((await settleProfile(line, { OS_REGION_NAME: 'V2' })).region).toBe('V2')
    await expect(settleProfile(line, { OS_REGION_NAME: 'V3' })).rejects.toMatchObject({
      code: 'REGION_UNKNOWN',
    })
  })

  test('of clouds-public.yaml goes before a built-in one', async () => {
    expect(keystoneOf(await settleProfile('profile: ovh')).authUrl).toBe('http://other.test')
  })

  test.each([
    ['ovh', 'https://auth.cloud.ovh.net/'],
    ['ovh-us', 'https://auth.cloud.ovh.us/'],
  ])('%s is built in', async (name, authUrl) => {
    const cloud = await settle({ files: { '/here/clouds.yaml': entry(`profile: ${name}`) } })
    expect(keystoneOf(cloud).authUrl).toBe(authUrl)
    expect(bodyOf(cloud)).toMatchObject({ identity: { password: { user: { domain: { name: 'Default' } } } } })
    expect(originOf(cloud, 'auth_url')?.[1]).toBe(`profile ${name}`)
  })

  test('that is nowhere is refused', async () => {
    await expect(settleProfile('profile: nowhere')).rejects.toMatchObject({
      code: 'CLOUD_INVALID',
      message: expect.stringContaining('nowhere'),
      hint: expect.stringContaining('ovh'),
    })
  })

  test('that is shut down is refused with its own words', async () => {
    await expect(settleProfile('profile: closed')).rejects.toMatchObject({
      code: 'CLOUD_INVALID',
      message: expect.stringContaining('It is gone.'),
    })
  })
})

test.each(['---\nclouds: {}\n', '---\n'])(
  'a file of two documents is refused at the second: %j',
  async (second) => {
    const settled = settle({
      flags: { cloud: 'mine' },
      files: { '/here/clouds.yaml': `${cloudCalled('me')}${second}` },
    })
    await expect(settled).rejects.toMatchObject({
      code: 'CLOUDS_FILE_INVALID',
      message: 'The file has several documents, and one is read.',
      at: { line: 4 },
    })
  },
)

test.each([
  ['regions: [R1, R2]\n    region_name: Own', undefined, 'R1'],
  ['region_name: Own', undefined, 'Own'],
  ['region_name: Own', 'R9', 'R9'],
  ['profile: public', undefined, 'P1'],
  ['profile: public\n    region_name: Own', undefined, 'Own'],
  ['profile: public\n    region_name: A,B', 'B', 'B'],
])('the region of an entry with %s, where %s is asked for, is %s', async (lines, asked, region) => {
  const cloud = await settle({
    environment: { OS_CLOUD: 'mine', ...(asked !== undefined && { OS_REGION_NAME: asked }) },
    files: {
      '/here/clouds.yaml': `clouds:\n  mine:\n    auth: ${auth}\n    ${lines}\n`,
      '/here/clouds-public.yaml': 'public-clouds: { public: { regions: [P1, P2] } }\n',
    },
  })
  expect(cloud.region).toBe(region)
})

test.each(['OS_REGION_NAME: R9', 'OS_REGION_NAME: Own'])(
  'of a list another region is refused: %s',
  async (asked) => {
    const [name = '', value = ''] = asked.split(': ')
    const settled = settle({
      environment: { OS_CLOUD: 'mine', [name]: value },
      files: {
        '/here/clouds.yaml': `clouds:\n  mine:\n    auth: ${auth}\n    regions: [R1]\n    region_name: Own\n`,
      },
    })
    await expect(settled).rejects.toMatchObject({ code: 'REGION_UNKNOWN' })
  },
)
