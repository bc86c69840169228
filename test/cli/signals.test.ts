import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { startOsrun } from './osrun.ts'

let sandbox: Sandbox
let folder: string
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
  folder = mkdtempSync(join(tmpdir(), 'osrun-signals-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await sandbox.close()
})

/** Starts a run that has made a container and stands still; `slowly`: its deletion takes a second. */
async function startStanding({ slowly = false } = {}) {
  const file = join(folder, 'recipe.yaml')
  const defer = slowly
    ? '[{ pause: 1s }, { request: "DELETE /interrupted" }]'
    : '[{ request: "DELETE /interrupted" }]'
  writeFileSync(
    file,
    `osrun: 1
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: PUT /interrupted
    defer: ${defer}
  - id: stand
    pause: 20s
`,
  )
  const started = startOsrun([file], sandbox.environment)
  await expect.poll(() => started.stdout.text(), { timeout: 20_000 }).toContain('PUT /interrupted')
  return started
}

function deletions(): readonly string[] {
  return sandbox.requests
    .filter(({ method }) => method === 'DELETE')
    .map(({ path }) => path.replace(/.*\//, ''))
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGALRM', 'SIGXCPU', 'SIGUSR1', 'SIGUSR2'] as const)(
  '%s ends a run, which cleans up',
  async (name) => {
    const { signal, ended } = await startStanding()
    signal(name)
    const { status, stdout } = await ended
    expect(status).toBe(130)
    expect(stdout).toContain(`INTERRUPTED The run was interrupted by ${name}.`)
    expect(deletions()).toEqual(['interrupted', 'tokens'])
    expect(sandbox.liveTokens()).toEqual([])
  },
)

test.each([
  ['a program that sends it twice, as timeout does', ['SIGTERM', 'SIGTERM'], 1],
  ['a service manager that sends two', ['SIGTERM', 'SIGHUP'], 1],
  ['a terminal that is told to be gone by the system and by the shell', ['SIGHUP', 'SIGHUP'], 300],
  ['a limit of time that is told each second', ['SIGXCPU', 'SIGXCPU'], 300],
  ['a terminal that is closed after Ctrl+C', ['SIGINT', 'SIGHUP'], 300],
] as const)('%s does not stop cleaning up', async (_who, names, apart) => {
  const { signal, ended } = await startStanding({ slowly: true })
  for (const name of names) {
    signal(name)
    await setTimeout(apart)
  }
  expect((await ended).status).toBe(130)
  expect(deletions()).toEqual(['interrupted', 'tokens'])
})

test('who presses Ctrl+C again stops cleaning up, and is told what is left', async () => {
  const { signal, ended } = await startStanding({ slowly: true })
  signal('SIGINT')
  await setTimeout(300)
  signal('SIGINT')
  const { status, stdout } = await ended
  expect(status).toBe(130)
  expect(stdout).toContain('CLEANUP_FAILED')
  expect(deletions()).toEqual([])
})
