import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LedgerRecord } from '../../src/run/ledger/record.ts'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { startStranger } from '../steps/play.ts'
import { type Ended, runOsrun, type Started, startOsrun } from './osrun.ts'
import { openMemoryTerminal } from './terminal.ts'

let sandbox: Sandbox
let stranger: Awaited<ReturnType<typeof startStranger>>
let home: string
let ledgers: string
beforeEach(async () => {
  ;[sandbox, stranger] = await Promise.all([startSandbox({ record: true }), startStranger()])
  home = mkdtempSync(join(tmpdir(), 'osrun-sweep-'))
  ledgers = join(home, 'osrun', 'ledgers')
})
afterEach(async () => {
  for (const { signal } of waiting) signal('SIGTERM')
  await Promise.all(waiting.splice(0).map(({ ended }) => ended))
  await Promise.all([sandbox.close(), stranger.close()])
  rmSync(home, { recursive: true })
})

const environment = (): Readonly<Record<string, string>> => ({ ...sandbox.environment, XDG_STATE_HOME: home })
const sweep = (...flags: readonly string[]): Promise<Ended> => runOsrun(['sweep', ...flags], environment())
const deleted = (): readonly string[] =>
  sandbox.requests
    .filter(({ method, path }) => method === 'DELETE' && !path.endsWith('/auth/tokens'))
    .map(({ path }) => path.split('/').slice(3).join('/'))

const creating = `  - authenticate:
  - pick-endpoint: object-store
  - request: PUT /left-behind
    defer: [{ request: DELETE /left-behind }]
  - request: { url: PUT /left-behind/a.txt, body: text }
`

/** Runs that wait for ever. */
const waiting: Started[] = []

/** Starts a run that has created its things and then waits for ever. */
async function startWaiting(steps = creating, flags: readonly string[] = []): Promise<void> {
  const file = join(home, 'waiting.yaml')
  writeFileSync(file, `osrun: 1\nname: Waiting\nsteps:\n${steps}  - request: GET ${stranger.url}/never\n`)
  const before = stranger.heard.length
  waiting.push(startOsrun([file, ...flags], environment()))
  await expect.poll(() => stranger.heard.length, { timeout: 20_000 }).toBe(before + 1)
}

/** Starts such a run, and makes its ledger that of a process which has been killed. */
async function leaveBehind(steps = creating): Promise<void> {
  await startWaiting(steps)
  kill()
}

/** Makes the one ledger that there is that of a process which has been killed: another has its number now. */
function kill(): void {
  rewrite((record) =>
    record.kind === 'run' ? { ...record, process: { ...record.process, started: '1' } } : record,
  )
}

/** Changes the records of the one ledger that there is. */
function rewrite(change: (record: LedgerRecord) => object): void {
  const path = join(ledgers, readdirSync(ledgers)[0] ?? '')
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  writeFileSync(path, lines.map((line) => `${JSON.stringify(change(JSON.parse(line)))}\n`).join(''))
}

test('what a run left that was killed is listed, then deleted, objects before their container', async () => {
  await leaveBehind()
  expect(deleted()).toEqual([])
  for (const file of readdirSync(ledgers)) assertNoSecret(readFileSync(join(ledgers, file), 'utf8'), file)

  const dry = await sweep('--dry-run')
  expect(dry.status).toBe(0)
  expect(dry.stdout).toMatch(/^Waiting .*, killed after .*\n.*\/left-behind\/a\.txt\n.*\/left-behind\n$/)
  expect(dry.stderr).toMatch(/audit id \S+, was lost .* ends at \d{4}-/)
  expect(deleted()).toEqual([])

  const real = await sweep('--yes')
  expect(real).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/2 deleted, 0 gone before, 0 left\n$/),
  })
  expect(deleted()).toEqual(['left-behind/a.txt', 'left-behind'])
  expect(readdirSync(ledgers)).toEqual([])
  // The killed run's token is lost; that of the sweep is not.
  expect(sandbox.liveTokens()).toHaveLength(1)

  expect(await sweep('--yes')).toMatchObject({ status: 0, stdout: 'Nothing is left behind.\n' })
})

test('without a terminal it needs --yes', async () => {
  await leaveBehind()
  const { status, stderr } = await sweep()
  expect(status).toBe(1)
  expect(stderr).toMatch(/^USAGE_INVALID /m)
  expect(deleted()).toEqual([])
})

describe('on a terminal', () => {
  test.each([
    ['n', 0, 'Nothing was deleted.'],
    ['y', 2, '2 deleted, 0 gone before, 0 left'],
  ])('it asks, and %s is obeyed', async (answer, count, told) => {
    await leaveBehind()
    await using terminal = openMemoryTerminal(['sweep'], environment())
    await terminal.shows('Delete 2? [y/N]')
    expect(deleted()).toEqual([])
    terminal.press(`${answer}\r`)
    expect(await terminal.status()).toBe(0)
    expect(terminal.text()).toContain(told)
    expect(deleted()).toHaveLength(count)
  })
})

test('a run that lives is left alone', async () => {
  await startWaiting()
  const { status, stdout, stderr } = await sweep('--yes')
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'Nothing is left behind.\n' })
  expect(stderr).toContain(`as process ${process.pid}`)
  kill()
  expect((await sweep('--yes')).stdout).toContain('2 deleted')
})

test('a run of another machine is left alone until it is named', async () => {
  await leaveBehind()
  rewrite((record) =>
    record.kind === 'run' ? { ...record, process: { ...record.process, machine: 'elsewhere' } } : record,
  )
  const { stderr, stdout } = await sweep('--yes')
  expect(stdout).toBe('Nothing is left behind.\n')
  const [, run = ''] = /--run ([0-9a-f]{8})/.exec(stderr) ?? []
  expect((await sweep('--yes', '--run', run)).stdout).toContain('2 deleted')
})

test('what is gone already counts as gone; what cannot be deleted is told and stays written down', async () => {
  await leaveBehind()
  const token = sandbox.liveTokens()[0] ?? ''
  const { path = '' } = sandbox.requests.find(({ path: one }) => one.endsWith('/a.txt')) ?? {}
  const headers = { 'X-Auth-Token': token }
  await fetch(sandbox.url + path, { method: 'DELETE', headers })
  await fetch(`${sandbox.url}${path}.other`, { method: 'PUT', headers, body: 'x' })

  const first = await sweep('--yes')
  expect(first.status).toBe(6)
  expect(first.stdout).toMatch(/0 deleted, 1 gone before, 1 left\n$/)
  expect(first.stderr).toMatch(/CLEANUP_FAILED .*409/)

  await fetch(`${sandbox.url}${path}.other`, { method: 'DELETE', headers })
  expect(await sweep('--yes')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('1 deleted, 0 gone'),
  })
})

test('nothing goes to a URL outside of the catalog, or to an endpoint itself', async () => {
  await leaveBehind()
  rewrite((record) => {
    if (record.kind !== 'create') return record
    const account = record.url.replace(/\/left-behind.*/, '')
    return { ...record, deletes: [record.entry === 1 ? `${stranger.url}/left-behind` : `${account}/`] }
  })
  const before = stranger.heard.length
  const { status, stderr } = await sweep('--yes', '--all')
  expect(status).toBe(6)
  expect(stderr.match(/URL_INVALID/g)).toHaveLength(2)
  expect(stranger.heard).toHaveLength(before)
  expect(deleted()).toEqual([])
})

test('a ledger of another project or cloud is told, and nothing of it deleted', async () => {
  await leaveBehind()
  rewrite((record) => (record.kind === 'create' ? { ...record, scope: 'project of-somebody-else' } : record))
  const { status, stderr, stdout } = await sweep('--yes')
  expect(stdout).toMatch(/0 deleted, 0 gone before, 0 left\n$/)
  expect(stderr).toContain('another project')
  expect(status).toBe(0)
  expect(deleted()).toEqual([])
  expect(readdirSync(ledgers)).toHaveLength(1)
})

test('--older-than leaves the younger runs', async () => {
  await leaveBehind()
  expect((await sweep('--yes', '--older-than', '1h')).stdout).toBe('Nothing is left behind.\n')
  rewrite((record) => (record.kind === 'create' ? { ...record, time: '2026-01-01T00:00:00.000Z' } : record))
  expect((await sweep('--yes', '--older-than', '1h')).stdout).toContain('2 deleted')
})

test('an object that may have been there before is deleted with --all alone', async () => {
  await leaveBehind(
    '  - authenticate:\n  - pick-endpoint: object-store\n  - request: { url: PUT /photos/mine.txt, body: text }\n',
  )
  const { status, stdout } = await sweep('--yes')
  expect(status).toBe(0)
  expect(stdout).toContain('mine.txt (may have been there before)')
  expect(deleted()).toEqual([])
  expect((await sweep('--yes', '--all')).stdout).toContain('1 deleted')
  expect(deleted()).toEqual(['photos/mine.txt'])
})

test('what a POST made whose answer never came is found by its name', async () => {
  const credentials = '${token.identity_url}/users/${token.user.id}/application_credentials'
  await leaveBehind(`  - authenticate:
  - request:
      url: POST ${credentials}
      json: { application_credential: { name: "osrun-\${run.id}", description: d } }
      expect: 201
    capture: { made: $.application_credential.id }
    defer: [{ request: "DELETE ${credentials}/\${made}" }]
`)
  rewrite((record) => (record.kind === 'known' ? { kind: 'known', entry: 99, deletes: [] } : record))
  const { status, stdout, stderr } = await sweep('--yes')
  expect(stderr).not.toContain('CLEANUP_FAILED')
  expect(stdout).toMatch(/what POST .* may have made, by the name "osrun-[0-9a-f]{8}"/)
  expect(stdout).toContain('1 deleted')
  expect(status).toBe(0)
  expect(deleted().join()).toMatch(/application_credentials\/[0-9a-f]{32}$/)
})

test('each request of a sweep is told with its curl line when that is asked for, and has the name of the program', async () => {
  await leaveBehind()
  const before = sandbox.requests.length
  const { status, stderr } = await sweep('--yes', '--verbose')
  expect(status).toBe(0)
  const requests = sandbox.requests.slice(before)
  expect(requests.map(({ method }) => method)).toEqual(['POST', 'DELETE', 'DELETE', 'DELETE'])
  expect(stderr.match(/^ {4}\$ .*\bcurl /gm)).toHaveLength(requests.length)
  for (const { headers } of requests)
    expect(headers.find(([name]) => name === 'User-Agent')?.[1]).toMatch(/^osrun\/\S+ node\/\S+$/)
})

test('a ledger that is cut or no ledger at all stops nothing', async () => {
  await leaveBehind()
  const [name = ''] = readdirSync(ledgers)
  appendFileSync(join(ledgers, name), '{"kind":"gone","ent')
  writeFileSync(join(ledgers, 'foreign.ndjson'), '\u001b[31m{}\n')
  mkdirSync(join(ledgers, 'folder.ndjson'))
  const { status, stdout, stderr } = await sweep('--yes')
  expect(stdout).toContain('2 deleted')
  expect(stderr).toMatch(/FILE_UNREADABLE .*foreign\.ndjson/)
  expect(stderr).not.toContain('\u001b')
  expect(readdirSync(ledgers).sort()).toEqual(['folder.ndjson', 'foreign.ndjson'])
  expect(status).toBe(0)
})

test('--no-ledger and --sandbox write none', async () => {
  await startWaiting(creating, ['--no-ledger'])
  const { status } = await runOsrun(['--sandbox', 'recipes/object-roundtrip.yaml'], environment())
  expect(status).toBe(0)
  expect(await sweep('--dry-run')).toMatchObject({ stdout: 'Nothing is left behind.\n', stderr: '' })
})

test('several runs at once have a ledger each', async () => {
  const runs = await Promise.all(
    [1, 2, 3].map(() => runOsrun(['recipes/object-roundtrip.yaml'], environment())),
  )
  expect(runs.map(({ status }) => status)).toEqual([0, 0, 0])
  expect(readdirSync(ledgers)).toEqual([])
})
