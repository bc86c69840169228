import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { needs } from '../needs.ts'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { type Ended, run } from './ended.ts'
import { type Stage, setStage } from './stage.ts'

needs('flock')

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

/** A crontab as cron reads it: https://manpages.debian.org/bookworm/cron/crontab.5.en.html */
function crontab(): {
  readonly environment: Readonly<Record<string, string>>
  readonly jobs: readonly { readonly when: string; readonly user: string; readonly command: string }[]
} {
  const lines = stage
    .read('osrun.cron')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const settings = lines.flatMap((line) => {
    const [, name, value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
    return name === undefined ? [] : [[name, value] as const]
  })
  const jobs = lines
    .filter((line) => !/^\w+=/.test(line))
    .map((line) => {
      const [, when = '', user = '', command = ''] = /^((?:\S+\s+){5})(\S+)\s+(.*)$/.exec(line) ?? []
      // A bare % would end the command; the rest would be its standard input.
      expect(command.replaceAll('\\%', '')).not.toContain('%')
      return { when: when.trim(), user, command: command.replaceAll('\\%', '%') }
    })
  return { environment: Object.fromEntries(settings), jobs }
}

/** Runs a job as cron does: by SHELL, with the variables of the table and of its user, and no others. */
function asCron(command: string): Promise<Ended> {
  const { SHELL = '', PATH = '', MAILTO: _mail, ...environment } = crontab().environment
  const own = { LOGNAME: 'osrun', HOME: stage.folder, SHELL, PATH: `${PATH}:${process.env.PATH ?? ''}` }
  return run(SHELL, ['-c', command], { ...own, ...environment }, stage.folder)
}

const [check = 0, sweep = 1] = [0, 1]
const commandOf = (job: number): string => crontab().jobs[job]?.command ?? ''
const metrics = (): string => stage.at('/var/lib/prometheus/node-exporter/osrun.prom')

test('the table has two jobs of the user osrun, at times that cron can read', () => {
  const { jobs } = crontab()
  expect(jobs).toHaveLength(2)
  for (const { when, user } of jobs) {
    expect(when).toMatch(/^(\*\/15 \*|\d{1,2} \d{1,2}) \* \* \*$/)
    expect(user).toBe('osrun')
  }
})

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
