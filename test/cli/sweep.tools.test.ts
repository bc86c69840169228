import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../run/on-sandbox.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { startStranger } from '../steps/play.ts'
import { runOsrun } from './osrun.ts'
import { startProcess } from './osrun-process.ts'

/** A process of a run that has made a container and an object, and waits for ever. */
async function startWaiting() {
  const [sandbox, stranger] = await Promise.all([startSandbox({ record: true }), startStranger()])
  const home = mkdtempSync(join(tmpdir(), 'osrun-sweep-'))
  onTestFinished(async () => {
    await Promise.all([sandbox.close(), stranger.close()])
    rmSync(home, { recursive: true })
  })
  const file = join(home, 'waiting.yaml')
  writeFileSync(
    file,
    `osrun: 1
name: Waiting
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: PUT /left-behind
    defer: [{ request: DELETE /left-behind }]
  - request: { url: PUT /left-behind/a.txt, body: text }
  - request: GET ${stranger.url}/never
`,
  )
  const environment = { ...sandbox.environment, XDG_STATE_HOME: home }
  const { child, ended } = startProcess([file], environment)
  ended.catch(() => {})
  await expect.poll(() => stranger.heard.length, { timeout: 20_000 }).toBe(1)
  return {
    sweep: (flag = '--yes') => runOsrun(['sweep', flag], environment),
    ledgers: join(home, 'osrun', 'ledgers'),
    pid: child.pid,
    /** Kills it as nothing can stand, and waits until it is gone. */
    async kill() {
      const gone = new Promise((resolve) => child.on('close', resolve))
      child.kill('SIGKILL')
      await gone
    },
  }
}

test('what a run left that was killed with -9 is listed, then deleted, objects before their container', async () => {
  const { kill, sweep, ledgers } = await startWaiting()
  expect((await sweep()).stdout).toBe('Nothing is left behind.\n')
  await kill()
  for (const file of readdirSync(ledgers)) assertNoSecret(readFileSync(join(ledgers, file), 'utf8'), file)
  expect((await sweep('--dry-run')).stdout).toMatch(
    /^Waiting .*, killed after .*\n.*\/left-behind\/a\.txt\n.*\/left-behind\n$/,
  )
  const { stdout } = await sweep()
  expect(stdout).toMatch(/^deleted .*\/left-behind\/a\.txt\ndeleted .*\/left-behind\n2 deleted, /m)
  expect(readdirSync(ledgers)).toEqual([])
})

test('a process that has the number of a dead run is no run', async () => {
  const { kill, sweep, ledgers, pid } = await startWaiting()
  expect((await sweep()).stderr).toContain(`as process ${pid}`)
  // As if the number had come round again.
  const file = join(ledgers, readdirSync(ledgers)[0] ?? '')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"started":"\d+"/, '"started":"1"'))
  expect((await sweep()).stdout).toContain('2 deleted')
  await kill()
})
