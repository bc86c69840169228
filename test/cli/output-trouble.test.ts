import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { runOsrun, startOsrun } from './osrun.ts'

let sandbox: Sandbox
let folder: string
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
  folder = mkdtempSync(join(tmpdir(), 'osrun-trouble-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await sandbox.close()
})

/** A recipe that makes a container, and deletes it at the end; it passes, or fails with status 4. */
function recipe(passes = true): string {
  const file = join(folder, 'recipe.yaml')
  writeFileSync(
    file,
    `osrun: 1
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: PUT /trouble
    defer: [{ request: "DELETE /trouble" }]
  - request: GET /trouble
  - assert: { status: ${passes ? 204 : 418} }
`,
  )
  return file
}

function expectNothingLeft(): void {
  expect(sandbox.liveTokens()).toEqual([])
  const asked = sandbox.requests.map(({ method, path }) => `${method} ${path.replace(/.*\//, '')}`)
  expect(asked).toEqual(['POST tokens', 'PUT trouble', 'GET trouble', 'DELETE trouble', 'DELETE tokens'])
}

/** When a trouble begins, by the number of requests that the cloud has had. */
const moments = [
  ['before the login', 0],
  ['during a request', 2],
  ['in cleaning up', 4],
  ['at the end', 5],
] as const

/** What a stream suffers: the error of each write, or milliseconds that each takes. */
const troubles = {
  refused: Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO' }),
  full: Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
  closed: Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }),
  slow: 5,
} as const

type Trouble = keyof typeof troubles

/** A stream that works until the cloud has had so many requests. */
function troubled(trouble: Trouble, since: number): Writable & { readonly text: () => string } {
  let text = ''
  const stream = new Writable({
    write(part, _encoding, done) {
      const suffered = sandbox.requests.length >= since ? troubles[trouble] : undefined
      if (typeof suffered === 'object') return done(suffered)
      text += String(part)
      if (suffered === undefined) done()
      else setTimeout(done, suffered)
    },
  })
  return Object.assign(stream, { text: () => text })
}

const cells = (Object.keys(troubles) as Trouble[]).flatMap((trouble) =>
  moments.map(([moment, since]) => [trouble, moment, since] as const),
)

describe.each(cells)('a stream that is %s %s', (trouble, _moment, since) => {
  const isLost = trouble === 'refused' || trouble === 'full'
  const why = trouble === 'full' ? 'the disk is full' : 'the terminal or the disk is gone'

  test.each([
    [true, isLost ? 1 : 0],
    [false, 4],
  ])('does not keep a run from cleaning up: standard output, passes: %s', async (passes, exit) => {
    const stdout = troubled(trouble, since)
    const ended = await runOsrun(['-vv', recipe(passes)], sandbox.environment, { stdout })
    expectNothingLeft()
    expect(ended.status).toBe(exit)
    const sentence = `OUTPUT_LOST Standard output could not be written: ${why}.`
    expect(ended.stderr.split('\n')[0]).toBe(isLost ? sentence : '')
    if (trouble === 'slow') expect(stdout.text()).toContain(passes ? '5 of 5 steps' : '4 of 5 steps')
  })

  test('does not keep a run from cleaning up: standard error', async () => {
    const stderr = troubled(trouble, since)
    const args = ['-vv', recipe(), '--report', 'ndjson=-']
    const ended = await runOsrun(args, sandbox.environment, { stderr })
    expectNothingLeft()
    expect(ended.status).toBe(isLost ? 1 : 0)
    // What reads standard output may be a program.
    const events = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
    expect(events.filter(({ type }) => type === 'suite:end')).toHaveLength(1)
    const message = `Standard error could not be written: ${why}.`
    const last = isLost
      ? { type: 'problem', problem: { code: 'OUTPUT_LOST', message } }
      : { type: 'suite:end' }
    expect(events.at(-1)).toMatchObject(last)
  })
})

test('what standard error lost is said on standard output where that is a terminal', async () => {
  const stdout = Object.assign(troubled('slow', 99), { isTTY: true })
  const environment = { ...sandbox.environment, NO_COLOR: '1' }
  const given = { stdout, stderr: troubled('full', 0) }
  const ended = await runOsrun(['-q', recipe(), '--report', 'json=/dev/full'], environment, given)
  expect(ended.status).toBe(1)
  expect(stdout.text()).toContain('OUTPUT_LOST Standard error could not be written: the disk is full.')
})

/** What a run says when a request has been answered. */
const said = [
  ['during a request', 'PUT /trouble'],
  ['in cleaning up', 'DELETE /trouble'],
  ['at the end', 'revoke the token'],
] as const

/** Files that a run writes, in a folder of their own; of the ledgers there is a note, and no more. */
const files = [
  ['a report', 'reports', (place: string) => ['--report', `json=${join(place, 'run.json')}`], 1],
  ['a recording', 'records', (place: string) => ['--record', join(place, 'run.ndjson')], 1],
  ['the ledger', 'state/osrun/ledgers', () => [], 0],
  ['what failed last', 'state/osrun/last-failed', () => [], 0],
] as const

describe.each(files)('%s', (what, name, flagsOf, exit) => {
  const environment = () => ({ ...sandbox.environment, XDG_STATE_HOME: join(folder, 'state') })
  const flags = () => [...flagsOf(join(folder, name)), '--report', `junit=${join(folder, 'junit.xml')}`]
  const block = (): void => {
    rmSync(join(folder, name), { recursive: true, force: true })
    writeFileSync(join(folder, name), 'no folder')
  }
  beforeEach(() => mkdirSync(join(folder, name), { recursive: true }))

  test.each(said)('that is refused %s does not keep a run from cleaning up', async (_moment, text) => {
    const { stdout, ended } = startOsrun(['-v', recipe(), ...flags()], environment())
    stdout.on('data', (part) => {
      if (String(part).includes(text)) block()
    })
    const { status, stderr } = await ended
    expectNothingLeft()
    expect(status).toBe(exit)
    if (exit > 0) expect(stderr).toMatch(/^FILE_UNWRITABLE [^\n]*\n/)
    expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toContain('failures="0"')
  })

  test('that is refused before the login is told, and nothing is left', async () => {
    block()
    const { status, stdout, stderr } = await runOsrun(['-v', recipe(), ...flags()], environment())
    expect(status).toBe(exit)
    if (exit > 0) {
      expect(sandbox.requests).toEqual([])
      expect(stderr).toMatch(/^FILE_UNWRITABLE [^\n]*\n/)
    } else {
      expectNothingLeft()
      expect(`${stdout}${stderr}`).toMatch(what === 'the ledger' ? /is not written down/ : /cannot be/)
    }
  })
})

test.each([
  ['report', ['--report', 'json=/dev/full']],
  ['recording', ['--record', '/dev/full']],
])('a full disk under a %s is told, and the other report is written', async (what, flags) => {
  const other = join(folder, 'junit.xml')
  const args = ['-q', recipe(), ...flags, '--report', `junit=${other}`]
  const { status, stderr } = await runOsrun(args, sandbox.environment)
  expectNothingLeft()
  expect(status).toBe(1)
  expect(stderr).toContain(`FILE_UNWRITABLE The ${what} "/dev/full" cannot be written: the disk is full.`)
  expect(readFileSync(other, 'utf8')).toContain('failures="0"')
})
