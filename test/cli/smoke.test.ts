import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { connect } from '../../src/library/index.ts'
import { cloudOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { runOsrun } from './osrun.ts'

let sandbox: Sandbox
let state: string
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
  state = mkdtempSync(join(tmpdir(), 'osrun-smoke-'))
})
afterEach(async () => {
  rmSync(state, { recursive: true })
  await sandbox.close()
})

const files = readdirSync('recipes/smoke').sort()
const tagsOf = (file: string): readonly string[] =>
  (parseYaml(readFileSync(`recipes/smoke/${file}`, 'utf8')) as { readonly tags: readonly string[] }).tags
const readOnly = files.filter((file) => !tagsOf(file).includes('writes'))
const smoke = (...flags: readonly string[]) =>
  runOsrun(['smoke', ...flags], { ...sandbox.environment, XDG_STATE_HOME: state })

/** The names of what recipes create, and what the account says of itself, as the cloud has them now. */
async function holdings(): Promise<unknown> {
  await using session = connect({ cloud: await cloudOf(sandbox.environment) })
  const { identityUrl, user } = await session.token()
  const { url } = await session.endpoint('object-store')
  const read = async (from: string): Promise<unknown> => {
    const { status, body } = await session.request('GET', from)
    expect(status).toBe(200)
    return JSON.parse(Buffer.from(body ?? []).toString())
  }
  const { headers } = await session.request('HEAD', url)
  return {
    account: headers.filter(([name]) => /^x-account-(container-count|object-count|meta)/i.test(name)),
    containers: await read(`${url}?format=json`),
    credentials: await read(`${identityUrl}/users/${user.id}/application_credentials`),
  }
}

test('all recipes pass and leave no container, no object, no credential, no token and no ledger', async () => {
  const before = await holdings()
  expect(JSON.stringify(before)).toContain('photos')
  const { status, stdout, stderr } = await smoke()
  expect([status, stderr]).toEqual([0, ''])
  const [, all, passed, skipped] =
    /\n(\d+) recipes, (\d+) passed, (\d+) skipped, 0 failed; /.exec(stdout) ?? []
  expect([Number(all), Number(passed) + Number(skipped)]).toEqual([files.length, files.length])
  expect(stdout).toContain('- A server boots: skipped, the catalog has no compute')
  expect(sandbox.requests.filter(({ method }) => method === 'PUT').length).toBeGreaterThan(10)
  expect(await holdings()).toEqual(before)
  expect(sandbox.liveTokens()).toEqual([])
  expect(readdirSync(state, { recursive: true }).filter((name) => /\.ndjson$/.test(String(name)))).toEqual([])
})

test('three logins with a password are enough, beside those that are what a recipe is about', async () => {
  expect((await smoke()).status).toBe(0)
  const logins = sandbox.requests
    .filter(({ method, path }) => method === 'POST' && /\/auth\/tokens(\?.*)?$/.test(path))
    .map(({ body }) => body.toString())
  const isWrong = (body: string): boolean => body.includes('"wrong-')
  const passwords = logins.filter((body) => body.includes('"password":{'))
  // identity-login makes a token of its own; identity-revoke makes the one that it tests against.
  expect(passwords.filter((body) => !isWrong(body)).length - 2).toBeLessThanOrEqual(3)
  // A user is locked out for several in a row.
  expect(passwords.filter((body) => isWrong(body) && !body.includes('"nobody-')).length).toBe(1)
})

describe('--read-only', () => {
  test('chooses the recipes that change nothing, and these do not', async () => {
    const { status, stdout } = await smoke('--read-only')
    expect(status).toBe(0)
    expect(stdout).toMatch(new RegExp(`\\n${readOnly.length} recipes, \\d+ passed, \\d+ skipped, 0 failed; `))
    const writing = sandbox.requests.filter(
      ({ method, path }) => !/^(GET|HEAD)$/.test(method) && !/\/auth\/tokens(\?.*)?$/.test(path),
    )
    expect(writing).toEqual([])
  })

  test('chooses among those of a tag', async () => {
    const { stdout } = await smoke('--read-only', '--tag', 'object-store', '--list')
    expect(stdout.trimEnd().split('\n')).toEqual([expect.stringContaining('smoke/swift-info ')])
  })
})

test('flags are those of a run', async () => {
  const { status, stdout } = await smoke('--tag', 'large-object', '--report', 'tap=-')
  expect([status, stdout.match(/^1\.\.\d+$/m)?.[0]]).toEqual([0, '1..2'])
  expect(sandbox.requests.some(({ path }) => path.includes('multipart-manifest=delete'))).toBe(true)
})

test('a recipe that passes is told in a line, and step by step when asked', async () => {
  const lines = async (...flags: readonly string[]): Promise<readonly string[]> =>
    (await smoke('--tag', 'large-object', ...flags)).stdout.trimEnd().split('\n')
  const told = await lines()
  // Whichever ends first.
  expect(
    told
      .slice(0, 2)
      .map((line) => line.replace(/^.*: |, \d+ requests.*/g, ''))
      .sort(),
  ).toEqual(['passed, 12 of 12 steps', 'passed, 8 of 8 steps'])
  expect(told.slice(2)).toEqual([expect.stringMatching(/^2 recipes, 2 passed, 0 failed/)])
  const steps = await lines('-v')
  expect(steps.filter((line) => /^ {4}\$ .*curl /.test(line)).length).toBeGreaterThan(15)
  expect(steps.filter((line) => line.includes('> HEAD ') || line.includes('< HTTP'))).toEqual([])
  expect((await lines('-vv')).filter((line) => /^ {4}> /.test(line)).length).toBeGreaterThan(15)
})

test('a cloud on which something fails does not pass', async () => {
  const { status } = await runOsrun(['smoke', '-q', '--tag', 'image', '--os-password', 'not this'], {
    ...sandbox.environment,
    XDG_STATE_HOME: state,
  })
  expect(status).toBe(5)
})

test('the recipes are found from any folder', async () => {
  const { stdout } = await runOsrun(['smoke', '--list'], {}, { cwd: state })
  expect(stdout.trimEnd().split('\n')).toHaveLength(files.length)
})

test.each(files)('%s says whether it writes, and of which service it is', (file) => {
  const tags = tagsOf(file)
  expect(tags).toContain('smoke')
  expect(tags.filter((tag) => /^(read-only|writes)$/.test(tag))).toHaveLength(1)
  expect(
    tags.filter((tag) => /^(identity|object-store|compute|image|network|block-storage)$/.test(tag)),
  ).not.toEqual([])
})

test('quiet, nothing is told of what passed but how many did', async () => {
  const { status, stdout } = await smoke('--tag', 'identity', '-q')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^\d+ recipes, \d+ passed(, \d+ skipped)?, 0 failed; [^\n]*\n$/)
})

test('without a flag each recipe has a line, and what failed its curl line', async () => {
  sandbox.faults.on({ name: 'unauthorized', value: '99' })
  const brief = await smoke('--tag', 'object-store')
  expect(brief.status).not.toBe(0)
  expect(brief.stdout).toMatch(/^ {2}✗ PUT [^\n]*\n {4}\$ curl /m)
})

test('an input goes to the recipes that have it; one that none has is refused before anything is sent', async () => {
  const { status, stdout } = await smoke('--tag', 'identity', '--input', 'days=never')
  expect([status, stdout]).toEqual([1, ''])
  expect((await smoke('--tag', 'identity', '--input', 'days=3')).status).toBe(0)
  const before = sandbox.requests.length
  const { status: unknown, stderr } = await smoke('--tag', 'identity', '--input', 'dayz=3')
  expect(unknown).toBe(1)
  expect(stderr).toMatch(
    /INPUT_UNKNOWN None of the \d+ recipes has an input "dayz".\n\s+try: Did you mean days\?/,
  )
  expect(sandbox.requests).toHaveLength(before)
})
