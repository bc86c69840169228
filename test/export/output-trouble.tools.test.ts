import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSlowKeystone } from '../run/late-login.ts'
import { recipeOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { exported } from './shell.ts'

let sandbox: Sandbox
let folder: string
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
  folder = mkdtempSync(join(tmpdir(), 'osrun-script-'))
  mkdirSync(join(folder, 'work'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await sandbox.close()
})

const recipe = `osrun: 1
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: PUT \${endpoint}/script-\${run.id}
    defer: [{ request: { url: "DELETE \${endpoint}/script-\${run.id}", expect: [204, 404] } }]
  - pause: 1ms
  - pause: 1ms
`
const standing = `${recipe}  - pause: 20s\n`

/** Exports a recipe and starts words of bash in which `SCRIPT` runs it, as a group of processes of its own. */
async function start(text: string, words: string, shell: string, environment = sandbox.environment) {
  const file = join(folder, 'script.sh')
  writeFileSync(file, await exported(await recipeOf(text)))
  const child = spawn('bash', ['-c', words.replaceAll('SCRIPT', `${shell} ${file}`)], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', TMPDIR: join(folder, 'work'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (part) => {
    stdout += String(part)
  })
  child.stderr.on('data', (part) => {
    stderr += String(part)
  })
  const ended = once(child, 'close').then(([status]) => ({ status: Number(status), stdout, stderr }))
  return { ended, group: -Number(child.pid) }
}

function expectNothingLeft(): void {
  expect(readdirSync(join(folder, 'work'))).toEqual([])
  expect(sandbox.liveTokens()).toEqual([])
  const of = (wanted: string): number =>
    sandbox.requests.filter(({ method, path }) => method === wanted && path.includes('/script-')).length
  expect(of('DELETE')).toBe(of('PUT'))
}

const made = (): number => sandbox.requests.filter(({ method }) => method === 'PUT').length

describe.each(['dash', 'bash', 'busybox sh'])('a script under %s', (shell) => {
  test('cleans up when the reader of its output goes away', async () => {
    const { ended } = await start(recipe, 'SCRIPT | head -1; exit ${PIPESTATUS[0]}', shell)
    expect(await ended).toMatchObject({ status: 130, stdout: '- authenticate\n' })
    expectNothingLeft()
  })

  test('cleans up when the reader of its errors goes away', async () => {
    const failing = `${recipe}  - request: GET \${endpoint}/script-\${run.id}/missing\n`
    const { ended } = await start(failing, 'SCRIPT 2>&1 >/dev/null | true; exit ${PIPESTATUS[0]}', shell)
    expect((await ended).status).toBe(130)
    expectNothingLeft()
  })

  test('goes on where the disk under its output is full, and its status says so', async () => {
    const { ended } = await start(recipe, 'SCRIPT >/dev/full', shell)
    expect((await ended).status).toBe(1)
    expect(made()).toBe(1)
    expectNothingLeft()
  })

  test('cleans up where no file may grow any more', async () => {
    const { ended } = await start(recipe, 'ulimit -f 1; SCRIPT', shell)
    expect((await ended).status).toBeGreaterThan(0)
    expectNothingLeft()
  })

  test.each([
    ['that is sent twice to all of its processes, as by timeout', 'SIGTERM', 'SIGTERM', 1],
    ['of a terminal that is told to be gone twice', 'SIGHUP', 'SIGHUP', 50],
  ] as const)('cleans up after a signal %s', async (_what, first, second, apart) => {
    const { ended, group } = await start(standing, 'exec SCRIPT', shell)
    await expect.poll(made, { timeout: 15_000 }).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 200))
    process.kill(group, first)
    await new Promise((resolve) => setTimeout(resolve, apart))
    process.kill(group, second)
    expect((await ended).status).toBe(130)
    expectNothingLeft()
  })
})

test.each(['SIGQUIT', 'SIGALRM', 'SIGUSR1', 'SIGUSR2', 'SIGXCPU'] as const)(
  'a script cleans up after %s',
  async (name) => {
    const { ended, group } = await start(standing, 'exec SCRIPT', 'dash')
    await expect.poll(made, { timeout: 15_000 }).toBe(1)
    process.kill(-group, name)
    expect((await ended).status).toBe(130)
    expectNothingLeft()
  },
)

describe.each(['dash', 'bash', 'busybox sh'])('a token that comes late, under %s', (shell) => {
  test('is revoked when the time of its step is over', async () => {
    const keystone = await startSlowKeystone(1000)
    const text = 'osrun: 1\nsteps:\n  - authenticate:\n    timeout: 500ms\n  - pause: 1ms\n'
    const { ended } = await start(text, 'SCRIPT', shell, keystone.environment)
    const { status, stderr } = await ended
    expect([status, stderr]).toEqual([3, 'authenticate: The step took longer than its time-out.\n'])
    expect(keystone.made).toHaveLength(1)
    expect(keystone.revoked).toEqual(keystone.made)
  })

  test.each(['SIGTERM', 'SIGHUP'] as const)('is revoked when all processes get %s', async (name) => {
    const keystone = await startSlowKeystone(1000)
    const text = 'osrun: 1\nsteps:\n  - authenticate:\n  - pause: 1ms\n'
    const { ended, group } = await start(text, 'exec SCRIPT', shell, keystone.environment)
    await expect.poll(() => keystone.made, { timeout: 15_000 }).toHaveLength(1)
    process.kill(group, name)
    expect((await ended).status).toBe(130)
    expect(keystone.revoked).toEqual(keystone.made)
  })
})
