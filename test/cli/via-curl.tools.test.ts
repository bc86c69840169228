import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ByteServer, startByteServer } from '../http/byte-server.ts'
import { childrenOf } from '../http/curl-children.ts'
import { nowhere } from '../nowhere.ts'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { runOsrun } from './osrun.ts'
import { startProcess } from './osrun-process.ts'

let folder: string
let sandbox: Sandbox
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-via-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(async () => {
  sandbox = await startSandbox()
})
afterEach(() => sandbox.close())

test('the guide passes by curl', async () => {
  const { status, stdout } = await runOsrun(
    ['--via', 'curl', 'recipes/object-metadata.yaml'],
    sandbox.environment,
  )
  expect(stdout).toMatch(/passed, 5 of 5 steps, 4 requests, 1 token made, 1 revoked/)
  expect(status).toBe(0)
  expect(sandbox.liveTokens()).toEqual([])
})

test('a machine without curl is told what to do', async () => {
  const { status, stdout } = await runOsrun(['--via', 'curl', '--sandbox', 'recipes/catalog-list.yaml'], {
    PATH: nowhere,
  })
  expect(stdout).toContain('CURL_UNUSABLE')
  expect(status).toBe(1)
})

describe('in the middle of a request that nobody answers', () => {
  let silent: ByteServer
  let file: string
  let asked: Promise<void>
  beforeEach(async () => {
    let ask = (): void => {}
    asked = new Promise((resolve) => {
      ask = resolve
    })
    silent = await startByteServer(() => ask())
    file = join(folder, 'silent.yaml')
    writeFileSync(
      file,
      `osrun: 1\nname: silent\nsteps:\n  - authenticate:\n  - request: { url: 'GET ${silent.url}/', token: true }\n`,
    )
  })
  afterEach(() => silent.close())

  const expectNothingLeft = (words: readonly number[]): void => {
    const live = childrenOf(1).map(({ pid }) => pid)
    for (const pid of words) expect(live).not.toContain(pid)
    expect(sandbox.liveTokens()).toEqual([])
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends curl and revokes the token', async (signal) => {
    const { child, ended } = startProcess(
      ['--via', 'curl', '--allow-origin', silent.url, file],
      sandbox.environment,
    )
    await asked
    const children = childrenOf(child.pid ?? 0)
    expect(children.filter(({ words }) => words.startsWith('curl\n-q\n'))).toHaveLength(1)
    assertNoSecret(JSON.stringify(children), 'a process')
    child.kill(signal)
    const { status, stdout } = await ended
    expect(status).toBe(130)
    expect(stdout).toContain('INTERRUPTED')
    expectNothingLeft(children.map(({ pid }) => pid))
  })

  test('--deadline ends curl and revokes the token', async () => {
    const { child, ended } = startProcess(
      ['--via', 'curl', '--allow-origin', silent.url, '--deadline', '2s', file],
      sandbox.environment,
    )
    await asked
    const children = childrenOf(child.pid ?? 0)
    const { status, stdout } = await ended
    expect(status).toBe(3)
    expect(stdout).toContain('DEADLINE_PASSED')
    expectNothingLeft(children.map(({ pid }) => pid))
  })
})
