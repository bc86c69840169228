import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connect, type SafeEvent } from '../../src/library/index.ts'
import { cloudOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { startSmallKeystone } from '../run/small-keystone.ts'
import { runOsrun } from './osrun.ts'

let sandbox: Sandbox
let folder: string
/** How many requests are of no interest any more. */
let past = 0
beforeEach(async () => {
  past = 0
  sandbox = await startSandbox({ record: true })
  folder = mkdtempSync(join(tmpdir(), 'osrun-every-request-'))
})
afterEach(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const recipe = (name: string): string =>
  file(
    `${name}.yaml`,
    `osrun: 1\nname: ${name}\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n  - request: HEAD /photos\n`,
  )

/** What the sandbox was asked for, in a fixed order: runs may go on at a time. */
const asked = (): readonly string[] =>
  sandbox.requests
    .slice(past)
    .map(({ method, path }) => `${method} ${path}`)
    .sort()
const agents = (): readonly string[] => [
  ...new Set(
    sandbox.requests
      .slice(past)
      .map(({ headers }) => headers.find(([name]) => /^user-agent$/i.test(name))?.[1] ?? 'none'),
  ),
]
const ownAgent = expect.stringMatching(/^osrun\/\S+ node\/\S+$/)

type Told = { readonly exchange: { readonly method: string; readonly url: string } }
const targetOf = ({ exchange: { method, url } }: Told): string => {
  const { pathname, search } = new URL(url)
  return `${method} ${pathname}${search}`
}
const ofNdjson = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{"type":"exchange"'))
    .map((line) => targetOf(JSON.parse(line)))
    .sort()
const ofHar = (text: string): readonly string[] => {
  const { log } = JSON.parse(text) as { log: { entries: readonly { request: Told['exchange'] }[] } }
  return log.entries.map(({ request }) => targetOf({ exchange: request })).sort()
}
const curlLines = (text: string): readonly string[] => text.match(/^ {4}\$ .*\bcurl .*$/gm) ?? []

describe('each request that the cloud gets is told, and comes from one program', () => {
  test.each([
    ['one recipe', () => ['run', recipe('one')]],
    ['recipes that share a token', () => ['run', recipe('one'), recipe('two')]],
    ['recipes at a time', () => ['run', recipe('one'), recipe('two'), recipe('three'), '--jobs', '3']],
    ['recipes that are read-only', () => ['run', '--read-only', recipe('one'), recipe('two')]],
    ['smoke tests', () => ['smoke', '--read-only', '--tag', 'object-store', '-v']],
  ])('%s', async (_what, args) => {
    for (const [kind, read] of [
      ['ndjson', ofNdjson],
      ['har', ofHar],
    ] as const) {
      past = sandbox.requests.length
      const { status, stdout, stderr } = await runOsrun(
        [...args(), '--report', `${kind}=-`],
        sandbox.environment,
      )
      expect(status).toBe(0)
      expect(asked().length).toBeGreaterThan(2)
      expect(read(stdout)).toEqual(asked())
      expect(curlLines(stderr)).toHaveLength(asked().length)
      expect(agents()).toEqual([ownAgent])
    }
  })

  test.each([
    ['catalog', () => ['catalog']],
    ['catalog with versions', () => ['catalog', '--versions']],
    [
      'import',
      () => [
        'import',
        '--from',
        'curl',
        file('c.sh', `curl ${sandbox.url}/v1/AUTH_x/c -H "X-Auth-Token: $token"\n`),
      ],
    ],
  ])('%s', async (_what, args) => {
    const quiet = await runOsrun(args(), sandbox.environment)
    expect(quiet.status).toBe(0)
    expect(curlLines(quiet.stderr)).toEqual([])
    past = sandbox.requests.length
    const { status, stdout, stderr } = await runOsrun([...args(), '--verbose'], sandbox.environment)
    expect({ status, stdout }).toEqual({ status: 0, stdout: quiet.stdout })
    expect(asked().length).toBeGreaterThan(1)
    expect(curlLines(stderr)).toHaveLength(asked().length)
    expect(stderr).toContain('"X-Auth-Token: $token"')
    expect(agents()).toEqual([ownAgent])
  })

  test('docs', async () => {
    const { status, stdout } = await runOsrun(['docs', recipe('one')], sandbox.environment)
    expect(status).toBe(0)
    expect(asked().length).toBeGreaterThan(2)
    expect(stdout.match(/^```sh\n.*\bcurl /gm)).toHaveLength(asked().length)
    expect(agents()).toEqual([ownAgent])
  })

  test('learn', async () => {
    // Any flag that names a cloud keeps the lesson off the sandbox of its own.
    const { OS_AUTH_URL = '' } = sandbox.environment
    const args = ['learn', '--auto=1ms', recipe('one'), '--os-auth-url', OS_AUTH_URL]
    const { status, stdout } = await runOsrun(args, sandbox.environment)
    expect(status).toBe(0)
    expect(asked().length).toBeGreaterThan(2)
    // The revocation is told without its line.
    expect(stdout).toContain(`${asked().length} requests, 1 token made, 1 revoked.`)
    expect(stdout.match(/^ {2}\$ .*\bcurl .*$/gm)).toHaveLength(asked().length - 1)
    expect(agents()).toEqual([ownAgent])
  })

  test('a session of the library', async () => {
    const events: SafeEvent[] = []
    const session = connect({
      cloud: await cloudOf(sandbox.environment),
      userAgent: 'a-program/1',
      onEvent: (event) => events.push(event),
    })
    const { url } = await session.endpoint('object-store')
    await session.request('HEAD', `${url}/photos`)
    await session.request('GET', `${sandbox.url}/identity/v3`, { withToken: false })
    await session.close()
    const told = events.filter((event) => event.type === 'exchange')
    expect(told.map(targetOf).sort()).toEqual(asked())
    expect(told[1]?.curl).toContain('"X-Auth-Token: $token"')
    expect(agents()).toEqual(['a-program/1'])
  })

  test('cloud sends nothing', async () => {
    expect((await runOsrun(['cloud'], sandbox.environment)).status).toBe(0)
    expect(asked()).toEqual([])
  })
})

describe('a password that Keystone quotes is printed by no command', () => {
  test.each([
    ['run', (one: string) => ['run', one]],
    ['run of several', (one: string) => ['run', one, one]],
    ['run by curl lines without secrets', (one: string) => ['run', one, '--explain-curl', '-vv']],
    ['catalog', () => ['catalog']],
    ['catalog --json', () => ['catalog', '--json']],
    ['catalog --versions -v', () => ['catalog', '--versions', '-v']],
    [
      'import',
      () => ['import', '--from', 'curl', file('c.sh', 'curl https://swift.example.org/v1/AUTH_x/c\n')],
    ],
    ['docs', (one: string) => ['docs', one]],
  ])('%s', async (_what, args) => {
    const keystone = await startSmallKeystone({
      login: ({ body }, response) => {
        const { password } = JSON.parse(body).auth.identity.password.user
        const message = `the directory says that ${password} is wrong`
        response.writeHead(401, { 'Content-Type': 'application/json' })
        response.end(JSON.stringify({ error: { code: 401, title: 'Unauthorized', message } }))
      },
    })
    const { status, stdout, stderr } = await runOsrun(args(recipe('one')), keystone.environment)
    expect(status).not.toBe(0)
    expect(keystone.logins()).toBeGreaterThan(0)
    expect(stdout + stderr).toContain('the directory says that *** is wrong')
    expect(stdout + stderr).not.toContain(keystone.environment.OS_PASSWORD)
  })
})
