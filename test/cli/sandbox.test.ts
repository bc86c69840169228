import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults } from '../../src/sandbox/faults/index.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { runOsrun } from './osrun.ts'
import { type ServedSandbox, serveSandbox } from './serve-sandbox.ts'

const guide = 'recipes/object-metadata.yaml'
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-sandbox-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('osrun sandbox', () => {
  test('serves until a signal, by an openrc and a clouds.yaml that osrun reads', async () => {
    const [openrc, clouds] = [join(folder, 'openrc.sh'), join(folder, 'clouds.yaml')]
    const sandbox = await serveSandbox(['--openrc', openrc, '--clouds-yaml', clouds])
    expect(statSync(openrc).mode & 0o777).toBe(0o600)
    const byOpenrc = await runOsrun(['-q', guide, '--openrc', openrc], { OS_TOKEN: 'mine' })
    expect(byOpenrc).toMatchObject({ stderr: '', status: 0 })
    const byCloud = await runOsrun(['-q', guide, '--cloud', 'sandbox'], { OS_CLIENT_CONFIG_FILE: clouds })
    expect(byCloud).toMatchObject({ stderr: '', status: 0 })
    const { stdout, stderr, status } = await sandbox.stop('SIGINT')
    // A comment is no command where one pastes it, in zsh.
    expect(stdout).toBe(readFileSync(openrc, 'utf8').replace(/^#.*\n/, ''))
    expect(stderr).toContain(openrc)
    expect(status).toBe(0)
    expect((await runOsrun(['-q', guide, '--openrc', openrc])).stdout).toContain('CONNECTION_REFUSED')
  })

  test('leaves a file alone that it has not written, and writes over one that it has', async () => {
    const [mine, other] = [join(folder, 'mine.sh'), join(folder, 'other.sh')]
    writeFileSync(mine, 'export OS_PASSWORD=secret\n')
    const refused = await runOsrun(['sandbox', '--openrc', mine])
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('FILE_UNWRITABLE') })
    expect(readFileSync(mine, 'utf8')).toBe('export OS_PASSWORD=secret\n')
    for (const _ of [1, 2]) {
      const sandbox = await serveSandbox(['--openrc', other])
      expect((await sandbox.stop()).status).toBe(0)
    }
  })

  test.each([
    ['x'.repeat(1000), 0],
    ['x'.repeat(1025), 4],
  ])('limits what objects take', async (text, wanted) => {
    await using sandbox = await serveSandbox(['--memory', '1KiB'])
    const { stdout, status } = await runOsrun(
      ['-q', 'recipes/object-roundtrip.yaml', '--input', `text=${text}`],
      sandbox.environment,
    )
    expect(stdout.includes('found    507')).toBe(wanted === 4)
    expect(status).toBe(wanted)
  })

  test('tells of a port that something else has', async () => {
    await using other = await startSandbox()
    const { stdout, stderr, status } = await runOsrun(['sandbox', '--port', new URL(other.url).port])
    expect([stdout, status]).toEqual(['', 1])
    expect(stderr).toContain('PORT_UNUSABLE')
  })

  test('lists what can be broken', async () => {
    const { stdout, status } = await runOsrun(['sandbox', '--list-faults'])
    expect(stdout.split('\n').map((line) => line.split(/[[ ]/)[0])).toEqual([
      ...faults.map(({ name }) => name),
      '',
    ])
    expect(status).toBe(0)
  })

  test.each([
    [['--port', '70000'], '--port takes a number'],
    [['--memory', 'much'], '--memory takes a size'],
    [['--fault', 'unavailabel'], 'Did you mean unavailable?'],
    [['--fault', 'slow=soon'], 'takes a duration with a unit'],
    [['--fault', 'slow=597h'], 'at most 596h'],
    [['--fault', 'slow=-1s'], 'no duration below zero'],
    [['--fault', 'unavailable=0'], 'takes a count of 1 or more'],
    [['--fault', 'missing-region=a b'], 'takes a name'],
    [['--fault', 'cut-body=1'], 'takes no value'],
    [['--fault', 'http-links'], 'shows with TLS only'],
    [['--openrc', 'package.json/openrc.sh'], 'FILE_UNWRITABLE'],
  ])('%j ends with status 1 and one message', async (args, message) => {
    const { stdout, stderr, status } = await runOsrun(['sandbox', ...args])
    expect(stderr.replaceAll('\n  ', ' ')).toContain(message)
    expect([stdout, status]).toEqual(['', 1])
  })

  test('a fault of a run needs --sandbox', async () => {
    const { stderr, status } = await runOsrun(['--fault', 'slow', guide])
    expect(stderr).toContain('Add --sandbox.')
    expect(status).toBe(1)
  })
})

describe('osrun sandbox --tls', () => {
  test('removes the authority at the end', async () => {
    const sandbox = await serveSandbox(['--tls'])
    const file = sandbox.environment.OS_CACERT ?? ''
    expect(readFileSync(file, 'utf8')).toContain('BEGIN CERTIFICATE')
    await sandbox.stop()
    expect(() => statSync(file)).toThrow('ENOENT')
  })
})

describe('a sandbox that runs', () => {
  let sandbox: ServedSandbox
  beforeAll(async () => {
    sandbox = await serveSandbox()
  })
  afterAll(() => sandbox[Symbol.asyncDispose]())
  const fault = (method: string, path: string, key = sandbox.environment.OSRUN_SANDBOX_KEY ?? '') =>
    fetch(`${sandbox.url}/osrun${path}`, { method, headers: { 'X-Osrun-Key': key } })

  test('switches faults on and off by its key', async () => {
    const info = async () => (await fetch(`${sandbox.url}/info`)).status
    const on = await fault('PUT', '/faults/unavailable?value=9')
    expect([on.status, await on.text()]).toEqual([
      200,
      expect.stringContaining('"on": true,\n  "value": "9"\n}'),
    ])
    expect(await info()).toBe(503)
    expect((await fault('DELETE', '/faults/unavailable')).status).toBe(204)
    expect(await info()).toBe(200)
  })

  test.each([
    ['PUT', '/faults/slow', 'wrong', 401],
    ['GET', '/faults', '', 401],
    ['PUT', '/faults/slwo', undefined, 404],
    ['PUT', '/faults/slow?value=x', undefined, 400],
    ['PUT', '/faults/http-links', undefined, 400],
    ['DELETE', '/faults/slow', undefined, 404],
    ['POST', '/faults/slow', undefined, 405],
    ['POST', '/faults', undefined, 405],
    ['GET', '/', undefined, 404],
    ['GET', '/faults', undefined, 200],
  ])('answers %s %s with the key %s by %s', async (method, path, key, status) => {
    expect((await fault(method, path, key)).status).toBe(status)
  })
})

describe('--data', () => {
  test('keeps what is uploaded, the password and the authority for the next time', async () => {
    const data = join(folder, 'kept')
    const recipe = join(folder, 'kept.yaml')
    const request = (line: string): void =>
      writeFileSync(
        recipe,
        `osrun: 1\nname: Kept\nsteps: [{ authenticate: }, { pick-endpoint: object-store }, { request: "${line}" }]\n`,
      )
    const next = async () => {
      await using sandbox = await serveSandbox(['--tls', '--data', data])
      const { OS_PASSWORD, OS_CACERT = '' } = sandbox.environment
      const told = await runOsrun(['-q', recipe], sandbox.environment)
      expect(told).toMatchObject({ status: 0, stdout: expect.stringMatching(/^✓ Kept: passed/), stderr: '' })
      return { OS_PASSWORD, authority: readFileSync(OS_CACERT, 'utf8') }
    }
    request('PUT ${endpoint}/mine')
    const first = await next()
    request('HEAD ${endpoint}/mine')
    expect(first.authority).toContain('BEGIN CERTIFICATE')
    expect(await next()).toEqual(first)
  })

  test('is refused for what is no folder of its own', async () => {
    const { status, stdout, stderr } = await runOsrun(['sandbox', '--data', guide])
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^DATA_UNUSABLE .*"recipes\/object-metadata\.yaml": it is no folder\.\n/)
  })
})
