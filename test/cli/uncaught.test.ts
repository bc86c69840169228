import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runProcess } from '../../src/cli/process.ts'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { memoryIo } from './memory-io.ts'

let sandbox: Sandbox
let folder: string
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
  folder = mkdtempSync(join(tmpdir(), 'osrun-uncaught-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await sandbox.close()
})

/** Starts a run that stands still, in a process of Node's kind that a test can let errors happen in. */
async function startStanding({ isTTY = false } = {}) {
  const file = join(folder, 'recipe.yaml')
  const steps = '  - authenticate:\n  - pick-endpoint: object-store\n  - request: PUT /left\n'
  writeFileSync(file, `osrun: 1\nsteps:\n${steps}    defer: [{ request: "DELETE /left" }]\n  - pause: 20s\n`)
  const { io, stdout, stderr } = memoryIo()
  const stdin = Object.assign(io.stdin, { isTTY })
  const env = { ...sandbox.environment, XDG_STATE_HOME: folder }
  const process = Object.assign(new EventEmitter(), {
    ...{ stdin, stdout, stderr, env, pid: io.pid, platform: io.platform, umask: io.umask },
    ...{ cwd: () => io.cwd, versions: { node: io.nodeVersion }, exitCode: undefined },
  })
  const ended = runProcess([file], process as unknown as NodeJS.Process)
  await expect.poll(() => stdout.text(), { timeout: 20_000 }).toContain('PUT /left')
  return { process, stderr, ended }
}

function expectNothingLeft(): void {
  expect(sandbox.liveTokens()).toEqual([])
  expect(sandbox.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2)
}

test('an error that nobody caught is told without a stack, and the run cleans up', async () => {
  const { process, stderr, ended } = await startStanding()
  expect(process.exitCode).toBe(3)
  process.emit('uncaughtException', new Error('A stream has no listener.'))
  expect(await ended).toBe(3)
  expect(stderr.text()).toBe('INTERNAL A stream has no listener.\n')
  expectNothingLeft()
  expect(process.listenerCount('uncaughtException')).toBe(0)
})

test('a terminal that goes away while somebody is asked on it ends the run as its signal does', async () => {
  const { process, stderr, ended } = await startStanding({ isTTY: true })
  process.emit('uncaughtException', Object.assign(new Error('setRawMode EIO'), { code: 'EIO' }))
  expect(await ended).toBe(130)
  expect(stderr.text()).toBe('')
  expectNothingLeft()
})
