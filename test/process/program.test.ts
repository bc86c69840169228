import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startProcess } from '../cli/osrun-process.ts'
import { startSandbox } from '../run/on-sandbox.ts'
import { startStranger } from '../steps/play.ts'

test('the built program reads its environment, writes to its streams and ends with the status of the run', async () => {
  await using sandbox = await startSandbox({ record: true })
  const guide = 'recipes/object-metadata.yaml'
  const passed = await startProcess([guide], sandbox.environment).ended
  expect(passed).toMatchObject({ status: 0, stderr: '' })
  expect(passed.stdout).toMatch(/passed, 5 of 5 steps, 4 requests, 1 token made, 1 revoked/)
  const failed = await startProcess([guide, '--input', 'container=none'], sandbox.environment).ended
  expect(failed.status).toBe(4)
  const refused = await startProcess(['--nonsense'], sandbox.environment).ended
  expect(refused).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^USAGE_INVALID /) })
  expect(sandbox.liveTokens()).toEqual([])
})

test('the built program reads clouds.yaml and openrc files: what is loaded when it is used is whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-clouds-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const clouds = join(folder, 'clouds.yaml')
  writeFileSync(
    clouds,
    'clouds:\n  workshop: { auth: { auth_url: "http://127.0.0.1:1/v3", username: a, password: b, project_name: c } }\n',
  )
  const { status, stdout, stderr } = await startProcess(['cloud', '--cloud', 'workshop'], {
    OS_CLIENT_CONFIG_FILE: clouds,
  }).ended
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('http://127.0.0.1:1/v3')
  const openrc = join(folder, 'openrc.sh')
  writeFileSync(
    openrc,
    'export OS_AUTH_URL=http://127.0.0.1:1/v3 OS_USERNAME=a OS_PASSWORD=b OS_PROJECT_NAME=c\n',
  )
  expect(await startProcess(['cloud', '--openrc', openrc]).ended).toMatchObject({ status: 0 })
})

test('the built program helps with a command', async () => {
  const { status, stdout, stderr } = await startProcess(['help', 'check']).ended
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^Usage: osrun check /)
})

test('the built program says its version without being read', () => {
  const { stdout } = spawnSync(process.execPath, ['bin/osrun.cjs', '--version'], { encoding: 'utf8' })
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test.each([[['--help']], [['check', 'recipes/object-metadata.yaml']], [['run', '--help']]])(
  'the built program loads nothing that sends requests for %j',
  (argv) => {
    const folder = mkdtempSync(join(tmpdir(), 'osrun-loaded-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const list = join(folder, 'list.cjs')
    writeFileSync(list, "process.on('exit', () => process.stderr.write(process.moduleLoadList.join('\\n')))")
    const { status, stderr } = spawnSync(process.execPath, ['--require', list, 'bin/osrun.cjs', ...argv], {
      encoding: 'utf8',
    })
    expect(status).toBe(0)
    const loaded = stderr.split('\n').map((line) => line.replace(/^NativeModule /, ''))
    expect(loaded).toContain('net')
    for (const name of ['http', 'https', 'tls', 'dns', 'zlib', 'crypto', 'child_process', 'worker_threads'])
      expect(loaded).not.toContain(name)
  },
)

test('SIGINT ends the built program with 130, and its token is revoked', async () => {
  await using sandbox = await startSandbox({ record: true })
  const stranger = await startStranger()
  const folder = mkdtempSync(join(tmpdir(), 'osrun-interrupted-'))
  onTestFinished(async () => {
    await stranger.close()
    rmSync(folder, { recursive: true })
  })
  const file = join(folder, 'waiting.yaml')
  writeFileSync(
    file,
    `osrun: 1\nname: Waiting\nsteps:\n  - authenticate:\n  - request: GET ${stranger.url}/never\n`,
  )
  const { child, ended } = startProcess([file], sandbox.environment)
  await expect.poll(() => stranger.heard, { timeout: 20_000 }).toHaveLength(1)
  child.kill('SIGINT')
  const { status, stdout } = await ended
  expect([status, stdout]).toEqual([130, expect.stringContaining('INTERRUPTED')])
  expect(sandbox.liveTokens()).toEqual([])
})
