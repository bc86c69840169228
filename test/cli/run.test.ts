import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { startStranger } from '../steps/play.ts'
import { type Ended, runOsrun, startOsrun } from './osrun.ts'

const guide = 'recipes/object-metadata.yaml'
let folder: string
let sandbox: Sandbox
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-run-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

function recipe(name: string, steps: string): string {
  const file = join(folder, `${name}.yaml`)
  writeFileSync(file, `osrun: 1\nname: ${name}\nsteps:\n${steps}`)
  return file
}

test('the guide passes on a cloud of the environment, and no token stays', async () => {
  const { status, stdout, stderr } = await runOsrun([guide], sandbox.environment)
  expect(stderr).toBe('')
  expect(stdout).toContain(
    '$ curl -I "$endpoint/photos/fullsize/ovh-summit-2014-backstage-DS.jpg" -H "X-Auth-Token: $token"',
  )
  expect(stdout).toMatch(/passed, 5 of 5 steps, 4 requests, 1 token made, 1 revoked/)
  expect(status).toBe(0)
  expect(sandbox.liveTokens()).toEqual([])
})

test.each([
  ['an expectation that is not met', '  - authenticate:\n  - assert: { status: 418 }\n', {}, 4],
  ['a wrong password', '  - authenticate:\n', { OS_PASSWORD: 'not-this' }, 5],
  ['no endpoint', '  - authenticate:\n  - pick-endpoint: compute\n', {}, 5],
  ['nothing that listens', '  - request: GET http://127.0.0.1:9/\n', {}, 3],
  ['a cleaning up that fails', '  - authenticate:\n    defer:\n      - assert: { status: 418 }\n', {}, 6],
])('%s has its own exit status', async (name, steps, environment, exit) => {
  const { status } = await runOsrun([recipe(name.replaceAll(' ', '-'), steps)], {
    ...sandbox.environment,
    ...environment,
  })
  expect(status).toBe(exit)
  expect(sandbox.liveTokens()).toEqual([])
})

test('several recipes run one after the other, and one failure decides the status', async () => {
  const failing = recipe('failing', '  - authenticate:\n  - assert: { status: 418 }\n')
  const { status, stdout } = await runOsrun(
    [guide, failing, 'recipes/catalog-list.yaml'],
    sandbox.environment,
  )
  expect(stdout.match(/^[✓✗] .*$/gm)?.map((line) => line.slice(0, 1))).toEqual(['✓', '✗', '✓'])
  expect(status).toBe(4)
})

test('a folder runs several recipes at a time with one token, and the summary counts', async () => {
  const { status, stdout } = await runOsrun(
    ['-q', 'recipes', '--jobs', '4', '--tag', 'read-only', '--tag', '!smoke', '--tag', '!course'],
    sandbox.environment,
  )
  expect(stdout.split('\n').at(-2)).toMatch(
    /^(\d+) recipes, \1 passed, 0 failed; 4 tokens made, 4 revoked; [\d.]+ s$/,
  )
  expect(status).toBe(0)
  expect(sandbox.liveTokens()).toEqual([])
})

test('--list names the recipes that would run and asks nobody', async () => {
  const { status, stdout } = await runOsrun([
    'recipes',
    '--list',
    '--grep',
    'metadata',
    '--tag',
    '!smoke',
    '--tag',
    '!course',
  ])
  expect(stdout).toBe("recipes/object-metadata.yaml  Read an object's metadata [object-store, read-only]\n")
  expect(status).toBe(0)
})

test('--list shows the locks of a recipe', async () => {
  const file = join(folder, 'locked.yaml')
  writeFileSync(
    file,
    'osrun: 1\nname: Locked\ntags: [one]\nlocks: [quota, account]\nsteps:\n  - authenticate:\n',
  )
  const { stdout } = await runOsrun([file, '--list'])
  expect(stdout).toBe(`${file}  Locked [one] (locks account, quota)\n`)
})

test('--repeat runs a recipe that often', async () => {
  const { status, stdout } = await runOsrun(['-q', guide, '--repeat', '3'], sandbox.environment)
  expect(stdout).toContain('3 recipes, 3 passed, 0 failed')
  expect(status).toBe(0)
})

test('--keep-token leaves the token alive and says until when', async () => {
  const file = recipe('keeping', '  - authenticate:\n')
  const { status, stdout } = await runOsrun([file, '--keep-token'], sandbox.environment)
  expect(status).toBe(0)
  expect(stdout).toMatch(/The token "token" stays alive, until \d{4}-/)
  expect(sandbox.liveTokens()).toHaveLength(1)
})

test('--reveal shows lines with the secrets in them', async () => {
  const { stdout } = await runOsrun([guide, '--reveal'], sandbox.environment)
  expect(stdout).toContain(String.raw`p'\''a$s \"w\\ord`)
  expect(() => assertNoSecret(stdout, 'it')).toThrow('it shows')
})

test('--no-curl prints no curl', async () => {
  const { stdout } = await runOsrun([guide, '--no-curl'], sandbox.environment)
  expect(stdout).not.toContain('curl')
  expect(stdout).toContain('< 200 OK')
})

test('--deadline ends the run with status 3 and cleans up', async () => {
  const { status, stdout } = await runOsrun([guide, '--deadline', '1ms'], sandbox.environment)
  expect(stdout).toContain('DEADLINE_PASSED')
  expect(status).toBe(3)
  expect(sandbox.liveTokens()).toEqual([])
})

test('inputs come from flags, then a file, then the environment, then the defaults', async () => {
  const file = join(folder, 'inputs.yaml')
  writeFileSync(file, 'one: file\ntwo: file\n')
  const asking = join(folder, 'asking.yaml')
  writeFileSync(
    asking,
    'osrun: 1\nname: asking\ninputs: { one: own, two: own, three: own, four: own }\nsteps:\n  - authenticate:\n  - assert:\n      context: { one: flag, two: file, three: environment, four: own }\n',
  )
  const environment = {
    ...sandbox.environment,
    OSRUN_INPUT_three: 'environment',
    OSRUN_INPUT_two: 'environment',
  }
  const { status, stdout } = await runOsrun([asking, '--inputs', file, '--input', 'one=flag'], environment)
  expect(stdout).toContain('passed')
  expect(status).toBe(0)
})

test('reports are whole files that their owner alone can read', async () => {
  const [json, junit] = [join(folder, 'run.json'), join(folder, 'run.xml')]
  const { status } = await runOsrun(
    [guide, '--report', `json=${json}`, '--report', `junit=${junit}`],
    sandbox.environment,
  )
  expect(status).toBe(0)
  const report = JSON.parse(readFileSync(json, 'utf8')) as {
    readonly runs: readonly { readonly result: { readonly status: string } }[]
  }
  expect(report.runs.map(({ result }) => result.status)).toEqual(['passed'])
  expect(readFileSync(junit, 'utf8')).toContain(
    '<testsuite name="Read an object&#39;s metadata" tests="5" failures="0"',
  )
  for (const file of [json, junit]) {
    assertNoSecret(readFileSync(file, 'utf8'), file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  }
  expect(readdirSync(folder).filter((name) => /tmp|~/.test(name))).toEqual([])
})

test("a report's folder is made, and a recording's", async () => {
  const deep = join(folder, 'made/for')
  const files = ['reports/run.json', 'run.xml', 'recording/run.rec'].map((name) => join(deep, name))
  const { status } = await runOsrun(
    [guide, '-q', '--report', `json=${files[0]}`, '--report', `junit=${files[1]}`, '--record', `${files[2]}`],
    sandbox.environment,
  )
  expect([status, files.map((file) => statSync(file).size > 0)]).toEqual([0, [true, true, true]])
  expect(statSync(deep).mode & 0o777).toBe(0o777 & ~process.umask())
})

test.each([
  ['--report', 'json=', 'a-file/run.json', 'a part of its path is no folder'],
  ['--report', 'junit=', 'a-folder', 'it is a folder'],
  ['--record', '', 'a-folder', 'it is a folder'],
])('%s %s%s is told before anything is sent: %s', async (flag, kind, name, why) => {
  writeFileSync(join(folder, 'a-file'), '')
  mkdirSync(join(folder, 'a-folder'), { recursive: true })
  const path = join(folder, name)
  const { status, stderr } = await runOsrun([guide, flag, `${kind}${path}`], sandbox.environment)
  expect([status, sandbox.requests]).toEqual([1, []])
  expect(stderr).toContain(`"${path}" cannot be written: ${why}.`)
})

test('a report that cannot be written is told, and the run is not lost', async () => {
  const { status, stdout, stderr } = await runOsrun(
    [guide, '--report', 'json=/dev/full'],
    sandbox.environment,
  )
  expect(stdout).toContain('passed, 5 of 5 steps')
  expect(stderr).toMatch(/^FILE_UNWRITABLE /)
  expect(status).toBe(1)
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends with 130, deletes what was made and revokes the token',
  async (signal) => {
    const stranger = await startStranger()
    const made =
      '  - authenticate:\n  - pick-endpoint: object-store\n  - request: PUT /interrupted\n    defer:\n      - request: DELETE /interrupted\n'
    const file = recipe('interrupted', `${made}  - request: GET ${stranger.url}/never\n`)
    const { signal: send, ended } = startOsrun([file], sandbox.environment)
    await expect.poll(() => stranger.heard, { timeout: 20_000 }).toHaveLength(1)
    send(signal)
    const { status, stdout } = await ended
    await stranger.close()
    expect(status).toBe(130)
    expect(stdout).toContain('INTERRUPTED')
    expect(sandbox.liveTokens()).toEqual([])
    expect(
      sandbox.requests
        .filter(({ method }) => method === 'DELETE')
        .map(({ path }) => path.replace(/.*\//, '')),
    ).toEqual(['interrupted', 'tokens'])
  },
)

test('the state that nagios is told is that of the exit status, whatever several recipes ended with', async () => {
  const login = '  - authenticate:\n'
  const files = {
    passes: recipe('nagios-passes', login),
    fails: recipe('nagios-fails', `${login}  - assert: { status: 418 }\n`),
    refused: recipe(
      'nagios-refused',
      `${login}  - request: { url: "PUT ${sandbox.url}/", file: /etc/hostname }\n`,
    ),
  }
  const states = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN']
  for (const names of [
    ['passes'],
    ['fails'],
    ['refused'],
    ['fails', 'refused'],
    ['refused', 'fails'],
    ['passes', 'refused'],
  ] as const) {
    const paths = names.map((name) => files[name])
    const { status, stdout } = await runOsrun([...paths, '--report', 'nagios=-'], sandbox.environment)
    expect([names, /^OSRUN (\w+)/.exec(stdout)?.[1]]).toEqual([names, states[status]])
  }
})

test('the JSON report has the revocation of a token that recipes share', async () => {
  const paths = ['shared-a', 'shared-b'].map((name) => recipe(name, '  - authenticate:\n'))
  const { stdout } = await runOsrun([...paths, '--report', 'json=-'], sandbox.environment)
  const { suite } = JSON.parse(stdout)
  expect(suite.steps).toEqual([
    expect.objectContaining({
      phase: 'cleanup',
      exchanges: [expect.objectContaining({ curl: expect.stringContaining('-X DELETE') })],
    }),
  ])
})

test('--allow-origin lets a recipe send a password to another server', async () => {
  const other = await startStranger()
  const file = recipe(
    'elsewhere',
    `  - request: { url: "GET ${other.url}/", query: { p: "\${env.OS_PASSWORD}" } }\n`,
  )
  const run = (...args: readonly string[]): Promise<Ended> => runOsrun([file, ...args], sandbox.environment)
  for (const args of [[], ['--read-only']]) {
    const { status, stdout } = await run(...args)
    expect(status).toBe(1)
    expect(stdout).toContain(`${file}:4:`)
    expect(stdout).toContain(`ORIGIN_REFUSED $OS_PASSWORD is not for ${other.url}`)
  }
  expect(other.heard).toEqual([])
  expect(
    (await run('--allow-origin', 'http://other.example', '--allow-origin', `${other.url}/`)).status,
  ).toBe(0)
  expect((await run('--allow-origin', `${other.url}/path`)).stderr).toContain(
    '--allow-origin takes an origin',
  )
  await other.close()
})

test('--allow-files and an input that names a file start from the current folder', async () => {
  const [own, other] = ['recipes', 'files'].map((name) => join(folder, 'permitted', name)) as [string, string]
  for (const one of [own, other]) mkdirSync(one, { recursive: true })
  writeFileSync(join(other, 'up'), 'of the caller')
  const put = (file: string): string =>
    `osrun: 1\nname: up\ninputs: { up: { type: string, format: path, default: none } }\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n  - request: { url: PUT /photos/up, file: ${file} }\n`
  writeFileSync(join(own, 'fixed.yaml'), put('../files/up'))
  writeFileSync(join(own, 'named.yaml'), put('"${up}"'))
  const run = (...args: readonly string[]): Promise<Ended> =>
    runOsrun(args, sandbox.environment, { cwd: join(folder, 'permitted') })
  const refused = await run('recipes/fixed.yaml')
  expect([refused.status, sandbox.requests.some(({ method }) => method === 'PUT')]).toEqual([1, false])
  expect(refused.stdout).toContain(
    `FILE_REFUSED The file "${join(other, 'up')}" is outside of the recipe's folder.`,
  )
  expect((await run('recipes/fixed.yaml', '--allow-files', 'none', '--allow-files', 'files')).status).toBe(0)
  expect((await run('recipes/named.yaml', '--input', 'up=files/up')).status).toBe(0)
  expect((await run('docs', 'recipes/fixed.yaml', '--allow-files', 'files')).status).toBe(0)
  expect((await run('export', 'recipes/fixed.yaml')).stderr).toContain('FILE_REFUSED')
  expect((await run('export', 'recipes/fixed.yaml', '--allow-files', 'files')).status).toBe(0)
  const learning = ['learn', '--auto=1ms', 'recipes/fixed.yaml'] as const
  expect((await run(...learning)).stdout).toContain('FILE_REFUSED')
  expect((await run(...learning, '--allow-files', 'files')).stdout).not.toContain('FILE_REFUSED')
})
