import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { type Crontab, parseCrontab } from './crontab.ts'
import { type Ended, run } from './ended.ts'
import { type Stage, setStage } from './stage.ts'

let sandbox: Sandbox
let stage: Stage
beforeEach(async () => {
  sandbox = await startSandbox()
  stage = setStage(sandbox.environment)
})
afterEach(async () => {
  stage[Symbol.dispose]()
  await sandbox.close()
})

const crontab = (): Crontab => parseCrontab(stage.read('osrun.cron'))

/** Runs a job as cron does: by SHELL, with the variables of the table and of its user, and no others. */
function asCron(command: string): Promise<Ended> {
  const { SHELL = '', PATH = '', MAILTO: _mail, ...environment } = crontab().environment
  const own = { LOGNAME: 'osrun', HOME: stage.folder, SHELL, PATH: `${PATH}:${process.env.PATH ?? ''}` }
  return run(SHELL, ['-c', command], { ...own, ...environment }, stage.folder)
}

const [check = 0, sweep = 1] = [0, 1]
const commandOf = (job: number): string => crontab().jobs[job]?.command ?? ''
const metrics = (): string => stage.at('/var/lib/prometheus/node-exporter/osrun.prom')

test('a check that passes prints nothing, so that nobody gets a mail, and writes metrics that others can read', async () => {
  expect(await asCron(commandOf(check))).toEqual({ status: 0, output: '' })
  const text = readFileSync(metrics(), 'utf8')
  assertNoSecret(text, 'the metrics')
  expect(text.match(/^osrun_run_success\{.*\} 1$/gm)?.length).toBeGreaterThan(10)
  expect(statSync(metrics()).mode & 0o444).toBe(0o444)
  expect(sandbox.liveTokens()).toEqual([])
})

test('one that fails prints its status and what failed, and says so in the metrics', async () => {
  const clouds = stage.at('/etc/osrun/clouds.yaml')
  writeFileSync(clouds, readFileSync(clouds, 'utf8').replace('"username":"learner"', '"username":"nobody"'))
  const { status, output } = await asCron(commandOf(check))
  expect(status).toBe(0)
  expect(output).toMatch(/^osrun ended with status 5\n/)
  expect(output).toContain('AUTH_FAILED')
  expect(readFileSync(metrics(), 'utf8')).toMatch(/^osrun_run_success\{.*\} 0$/m)
})

test('one that still runs keeps the next from beginning, without a word', async () => {
  const lock = stage.at('/var/lib/osrun/smoke.lock')
  const holder = spawn('flock', [lock, 'sh', '-c', 'echo held; read -r _'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => holder.stdout.once('data', resolve))
  expect(await asCron(commandOf(check))).toEqual({ status: 0, output: '' })
  expect(existsSync(metrics())).toBe(false)
  const over = new Promise((resolve) => holder.once('close', resolve))
  holder.stdin.end()
  await over
})

test('sweeping asks nobody, and says nothing when nothing is left', async () => {
  expect(await asCron(commandOf(sweep))).toEqual({ status: 0, output: '' })
})
