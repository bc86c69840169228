import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kill } from 'node:process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ExchangeRecord } from '../../src/model/event.ts'
import { runOsrun } from '../cli/osrun.ts'
import { startBetween } from './between.ts'
import { environment, facts, isLive, state } from './cloud.ts'
import { runSmoke, type SmokeRun } from './smoke-run.ts'
import { type Stock, takeStock } from './stock.ts'

// Each of them waits for servers that are started anew.
vi.setConfig({ testTimeout: 180_000 })

let home: string
let before: Stock
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'osrun-smoke-'))
  before = await takeStock()
})
afterEach(() => rmSync(home, { recursive: true }))

const variables = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  ...environment,
  XDG_STATE_HOME: home,
  ...more,
})

/** Kills a program of the cloud, so that from now on nothing listens at its port. */
function killProgram(name: string): void {
  const pids = JSON.parse(readFileSync(join(state, 'pids.json'), 'utf8')) as Readonly<Record<string, number>>
  kill(-(pids[name] ?? 0), 'SIGKILL')
}

async function startProgram(name: string): Promise<void> {
  await promisify(execFile)('test/cloud/one', ['start', name])
}

/** The recipes that did not pass, with the code of what stopped each. */
function failuresOf({ suite }: SmokeRun): Readonly<Record<string, string>> {
  return Object.fromEntries(
    suite.results
      .filter(({ status }) => status !== 'passed')
      .map(({ file, problem }) => [file.replace(/^.*\/|\.yaml$/g, ''), problem?.code ?? '']),
  )
}

function ledgers(): readonly string[] {
  return readdirSync(join(home, 'osrun', 'ledgers'))
}

/** Sweeps where a run has told that something may be left; in the end nothing is. */
async function expectAsFound(run: SmokeRun): Promise<void> {
  if (ledgers().length > 0) {
    expect(run.notices).toContainEqual(expect.stringContaining('osrun sweep'))
    const swept = await runOsrun(['sweep', '--yes'], variables())
    expect(swept).toMatchObject({ status: 0, stdout: expect.stringContaining(' 0 left') })
  }
  expect(ledgers()).toEqual([])
  expect(await takeStock()).toEqual(before)
}

async function livingOf({ tokens }: SmokeRun): Promise<readonly string[]> {
  const living: string[] = []
  for (const token of tokens) if (await isLive(token)) living.push(token)
  return living
}

test('two of them at the same time pass, and leave everything as they found it', async () => {
  const runs = await Promise.all([runSmoke(variables()), runSmoke(variables())])
  for (const run of runs) {
    expect(failuresOf(run)).toEqual({})
    expect(run.status).toBe(0)
    expect(run.suite.leftovers).toEqual([])
    expect(run.suite.tokens).toMatchObject({ revoked: run.suite.tokens.made, kept: 0 })
    expect(run.tokens.size).toBeGreaterThan(3)
    expect(await livingOf(run)).toEqual([])
  }
  expect(ledgers()).toEqual([])
  expect(await takeStock()).toEqual(before)
})

/** Whether this is the first object that has been uploaded: the suite is in the middle of its work. */
function isUpload({ method, url, status }: ExchangeRecord): boolean {
  return method === 'PUT' && status === 201 && /\/osrun-[^/]+\/./.test(url)
}

test('a Swift that dies in the middle could not be asked, and a sweep finishes once it is back', async () => {
  let isKilled = false
  const run = await runSmoke(variables(), (exchange) => {
    if (isKilled || !isUpload(exchange)) return
    isKilled = true
    killProgram('proxy')
  })
  await startProgram('proxy')
  const failures = failuresOf(run)
  expect(run.status).toBe(3)
  expect(Object.keys(failures)).toEqual(expect.arrayContaining(['static-web', 'temp-url', 'versioning']))
  expect(Object.keys(failures).filter((name) => /^(identity|image|network)-/.test(name))).toEqual([])
  for (const code of Object.values(failures)) expect(code).toMatch(/^CONNECTION_(REFUSED|LOST)$/)
  await expectAsFound(run)
  expect(await livingOf(run)).toEqual([])
})

test('a Keystone that is started anew in the middle fails what asks it meanwhile, and nothing is left', async () => {
  let isKilled = false
  let back: Promise<void> | undefined
  const run = await runSmoke(variables(), (exchange) => {
    if (!isKilled && isUpload(exchange)) {
      isKilled = true
      killProgram('keystone')
    } else if (isKilled && exchange.problem !== undefined) back ??= startProgram('keystone')
  })
  await (back ?? startProgram('keystone'))
  const failures = failuresOf(run)
  expect(Object.keys(failures)).toContainEqual(expect.stringMatching(/^identity-/))
  // A service that cannot have a token validated answers 503.
  for (const code of Object.values(failures)) expect(code).toMatch(/^CONNECTION_|^STATUS_UNEXPECTED$/)
  expect([3, 4]).toContain(run.status)
  await expectAsFound(run)
  const told = [...run.suite.leftovers, ...run.suite.results.flatMap(({ leftovers }) => leftovers)]
  const alive = told.filter(({ message }) => message.startsWith('A token was not revoked'))
  expect((await livingOf(run)).length).toBeLessThanOrEqual(alive.length)
})

test('a Swift that answers 503 for some time is told by its status, and a sweep waits for its end', async () => {
  let isOut = false
  await using between = await startBetween((url) =>
    isOut && url.origin === facts.swiftUrl ? { status: 503 } : {},
  )
  const through = variables({ http_proxy: between.url })
  const run = await runSmoke(through, (exchange) => {
    isOut ||= isUpload(exchange)
  })
  const failures = failuresOf(run)
  expect(run.status).toBe(4)
  expect(Object.keys(failures)).toEqual(expect.arrayContaining(['static-web', 'temp-url', 'versioning']))
  expect(new Set(Object.values(failures))).toEqual(new Set(['STATUS_UNEXPECTED']))
  expect(await runOsrun(['sweep', '--yes'], through)).toMatchObject({
    status: 6,
    stdout: expect.stringContaining('0 deleted'),
  })
  isOut = false
  await expectAsFound(run)
  expect(await livingOf(run)).toEqual([])
})

test('a Swift that answers 503 for ten seconds fails what asks it meanwhile, and what comes later passes', async () => {
  let began: number | undefined
  let ended: number | undefined
  await using between = await startBetween((url) => {
    const isOut = began !== undefined && performance.now() < began + 10_000
    if (began !== undefined && !isOut) ended ??= performance.now()
    return isOut && url.origin === facts.swiftUrl ? { status: 503, delay: 400 } : {}
  })
  const run = await runSmoke(
    variables({ http_proxy: between.url }),
    (exchange) => {
      if (isUpload(exchange)) began ??= performance.now()
    },
    ['--tag', 'object-store', '--repeat', '9'],
  )
  expect(run.status).toBe(4)
  expect(ended).toBeDefined()
  expect(new Set(Object.values(failuresOf(run)))).toEqual(new Set(['STATUS_UNEXPECTED']))
  const { results } = run.suite
  expect(results.filter(({ status }) => status === 'passed').length).toBeGreaterThan(results.length / 3)
  expect(results.slice(-8).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'passed'))
  await expectAsFound(run)
  expect(await livingOf(run)).toEqual([])
})

test('tokens that live five seconds are renewed, and told as too short', async () => {
  await using between = await startBetween((url) =>
    url.origin === facts.rootUrl ? { to: facts.shortLived.authUrl } : {},
  )
  const run = await runSmoke(variables({ http_proxy: between.url }))
  expect(failuresOf(run)).toEqual({ 'identity-clocks': 'EXPECTATION_FAILED' })
  expect(run.status).toBe(4)
  expect(run.suite.tokens).toMatchObject({ revoked: run.suite.tokens.made, kept: 0 })
  await expectAsFound(run)
})
