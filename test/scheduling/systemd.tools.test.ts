import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { run } from './ended.ts'
import { examples, type Stage, setStage } from './stage.ts'
import { unitSettings } from './unit-settings.ts'

const units = ['osrun-smoke@.service', 'osrun-smoke@.timer'] as const
let sandbox: Sandbox
let stage: Stage
beforeAll(async () => {
  sandbox = await startSandbox()
  stage = setStage(sandbox.environment)
})
afterAll(async () => {
  stage[Symbol.dispose]()
  await sandbox.close()
})

const settings = (name: string): readonly string[] => unitSettings(stage.read('osrun-smoke@.service'), name)

test('the command of the service passes with the environment and the credential that it is given', async () => {
  const credentials = stage.at('/run/credentials')
  const specifiers = (text: string): string => text.replaceAll('%i', 'mycloud').replaceAll('%d', credentials)
  const [name = '', path = ''] = settings('LoadCredential')[0]?.split(':') ?? []
  cpSync(path, join(credentials, name))
  const environment = Object.fromEntries(settings('Environment').map((one) => specifiers(one).split('=')))
  expect(settings('ExecStart')).toHaveLength(1)
  const [program = '', ...args] = specifiers(settings('ExecStart')[0] ?? '').split(' ')
  const { status, output } = await run(program, args, { PATH: process.env.PATH, ...environment }, '/')
  expect(output).toContain('0 failed')
  expect(status).toBe(0)
  const metrics = stage.at('/var/lib/prometheus/node-exporter/osrun-mycloud.prom')
  expect(readFileSync(metrics, 'utf8')).toContain('osrun_run_success{cloud="mycloud"')
})

describe('as systemd reads them', () => {
  // Without what systemd says of units that are not these.
  const analyze = (change: (text: string) => string = (text) => text): readonly string[] => {
    const folder = stage.at(`/units-${Math.random()}`)
    mkdirSync(folder)
    const executable = stage.at('/usr/local/bin/osrun')
    chmodSync(executable, 0o755)
    for (const unit of units) writeFileSync(join(folder, unit), change(stage.read(unit)))
    const names = units.map((unit) => unit.replace('@', '@mycloud'))
    const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...names], {
      encoding: 'utf8',
      env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
    })
    return `${stdout}${stderr}`.split('\n').filter((line) => line.includes('osrun'))
  }

  test('there is nothing to say against them', () => expect(analyze()).toEqual([]))

  test.each([
    ['ProtectClock=yes', 'ProtectClok=yes'],
    ['OnCalendar=*:0/15', 'OnCalendar=*:77'],
    ['/bin/osrun', '/bin/orsun'],
  ])('what is wrong in them would be said: %s as %s', (right, wrong) => {
    expect(analyze((text) => text.replace(right, wrong))).not.toEqual([])
  })

  test('the service is shut in', () => {
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['security', '--offline=true', '--threshold=20', `${process.cwd()}/${examples}/osrun-smoke@.service`],
      { encoding: 'utf8' },
    )
    expect(`${stdout}${stderr}`).toMatch(/Overall exposure level .*: 1\.\d OK/)
    expect(status).toBe(0)
  })
})
