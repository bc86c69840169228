import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nowhere } from '../nowhere.ts'
import { runOsrun } from './osrun.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'osrun-cloud-'))
  mkdirSync(join(home, '.config/openstack'), { recursive: true })
})
afterEach(() => rmSync(home, { recursive: true }))

const fileOf = (name: string): string => join(home, '.config/openstack', name)
const write = (name: string, text: string): void => writeFileSync(fileOf(name), text)

/** `osrun cloud` of a person whose files are in the home. */
const cloud = (args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) =>
  runOsrun(['cloud', ...args], { HOME: home, ...environment })

const clouds = `clouds:
  production:
    profile: ovh
    regions: [GRA, SBG]
    auth:
      username: user-x
      project_name: 0123456
  staging:
    verify: false
    auth: { auth_url: https://k.test/v3, user_id: u1, password: hush-hush }
`

describe('a cloud of clouds.yaml', () => {
  beforeEach(() => {
    write('clouds.yaml', clouds)
    write('secure.yaml', 'clouds:\n  production:\n    auth: { password: hush-hush }\n')
  })

  test('is told with whom, for what, where, from which files, and each value with its origin', async () => {
    expect(await cloud(['--cloud', 'production'])).toEqual({
      status: 0,
      stderr: '',
      stdout: `cloud production
  asks https://auth.cloud.ovh.net/ for a token by password: user "user-x", in domain "Default", project "0123456", in domain "Default"
  takes public endpoints of the region GRA
  read from ${fileOf('clouds.yaml')}, ${fileOf('secure.yaml')}

  auth_url              https://auth.cloud.ovh.net/  profile ovh
  identity_api_version  3                            profile ovh
  password              ***                          secure.yaml:3
  project_domain_name   Default                      profile ovh
  project_name          0123456                      clouds.yaml:7
  region_name           GRA                          clouds.yaml:4
  user_domain_name      Default                      profile ovh
  username              user-x                       clouds.yaml:6
`,
    })
  })

  test('that the environment changes is told with a note', async () => {
    const { stdout, stderr } = await cloud([], { OS_CLOUD: 'staging', OS_PROJECT_ID: 'p1' })
    expect(stdout).toMatch(/project_id +p1 +OS_PROJECT_ID/)
    expect(stdout).toContain('user id u1, project id p1')
    expect(stdout).toContain('without verifying certificates')
    expect(stderr).toBe('note: The cloud "staging" is changed by the environment: OS_PROJECT_ID.\n')
  })

  test.each([
    [['--cloud', 'productoin'], 'CLOUD_UNKNOWN Cloud productoin was not found.', 'Did you mean production?'],
    [[], 'CLOUD_MISSING', '(production, staging)'],
    [
      ['--cloud', 'production', '--region', 'GRA7'],
      'REGION_UNKNOWN Region GRA7 is not a valid region name for cloud production. Valid choices are GRA,SBG.',
      'Did you mean GRA?',
    ],
  ])('with %j is refused with what exists', async (args, message, hint) => {
    const { status, stdout, stderr } = await cloud(args)
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.replace(/\s+/g, ' ')).toContain(hint)
  })
})

describe('a bad file', () => {
  test.each([
    ['broken YAML', 'clouds:\n  mine: {\n', 'clouds.yaml:3:1 CLOUDS_FILE_INVALID'],
    ['an unquoted password', 'clouds:\n  mine:\n    auth:\n      password: *hush\n', 'clouds.yaml:4:17'],
    ['no mapping', '[]\n', 'CLOUDS_FILE_INVALID'],
    [
      'no password',
      'clouds:\n  mine: { auth: { auth_url: "http://k.test", user_id: u } }\n',
      'CLOUD_INCOMPLETE',
    ],
    ['no entry', 'clouds: {}\n', 'CLOUD_UNKNOWN'],
  ])('with %s is told without its text', async (_name, text, message) => {
    write('clouds.yaml', text)
    const { status, stdout, stderr } = await cloud(['--cloud', 'mine'])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('hush')
  })

  test('that cannot be read is named where nothing else is found', async () => {
    mkdirSync(fileOf('clouds.yaml'))
    const { status, stderr } = await cloud(['--cloud', 'mine'])
    expect(status).toBe(1)
    expect(stderr.replace(/\s+/g, ' ')).toContain(`"${fileOf('clouds.yaml')}" may not be read`)
  })

  test('that OS_CLIENT_CONFIG_FILE names and that is not there is told, too', async () => {
    const { stderr } = await cloud(['--cloud', 'mine'], { OS_CLIENT_CONFIG_FILE: `${nowhere}.yaml` })
    expect(stderr.replaceAll('\n  ', ' ')).toContain(`"${nowhere}.yaml", which OS_CLIENT_CONFIG_FILE names`)
  })
})

test('the values of the sandbox come from the sandbox', async () => {
  const { stdout } = await cloud(['--sandbox', '--region', 'RegionTwo'], { OS_USERNAME: 'not-this-one' })
  expect(stdout).toMatch(/username +learner +the sandbox/)
  expect(stdout).toMatch(/region_name +RegionTwo +--region/)
  expect(stdout).not.toContain('OS_')
})

test.each<[Record<string, string>, string]>([
  [{ OS_AUTH_TYPE: 'none', OS_ENDPOINT: 'http://i.test' }, 'asks http://i.test without authentication'],
  [
    { OS_AUTH_TYPE: 'http_basic', OS_ENDPOINT: 'http://i.test', OS_USERNAME: 'me', OS_PASSWORD: 'hush-hush' },
    'asks http://i.test by HTTP basic as user "me"',
  ],
  [
    { OS_AUTH_TYPE: 'admin_token', OS_ENDPOINT: 'http://i.test', OS_TOKEN: 'hush-hush' },
    'asks http://i.test with the token that is given',
  ],
  [
    {
      OS_AUTH_URL: 'http://k.test',
      OS_APPLICATION_CREDENTIAL_ID: 'a1',
      OS_APPLICATION_CREDENTIAL_SECRET: 'hush-hush',
    },
    'asks http://k.test for a token by application credential: id a1\n',
  ],
  [
    { OS_AUTH_URL: 'http://k.test', OS_TOKEN: 'hush-hush', OS_SYSTEM_SCOPE: 'all' },
    'asks http://k.test for a token by token: the system\n',
  ],
])('the environment %o is told in a sentence', async (environment, sentence) => {
  const { status, stdout, stderr } = await cloud([], environment)
  expect(status).toBe(0)
  expect(stdout).toContain(sentence)
  expect(stdout + stderr).not.toContain('hush')
})

test('what a value does to a terminal is shown and not done', async () => {
  const { stdout } = await cloud([], {
    OS_AUTH_URL: 'http://k.test',
    OS_USERNAME: 'a\u001b[31m\nb',
    OS_PASSWORD: 'hush-hush',
  })
  expect(stdout).not.toContain('\u001b')
  expect(stdout.match(/\n {2}username .*OS_USERNAME\n/)).not.toBeNull()
})
