import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startStranger } from '../steps/play.ts'
import { runOsrun } from './osrun.ts'
import { startProcess } from './osrun-process.ts'

test('recipes that were not begun, or were killed with the run, have not passed', async () => {
  const stranger = await startStranger()
  const [suite, state] = ['suite', 'state'].map((name) => mkdtempSync(join(tmpdir(), `osrun-${name}-`)))
  onTestFinished(async () => {
    await stranger.close()
    for (const folder of [suite, state]) rmSync(folder ?? '', { recursive: true })
  })
  for (const [name, path] of Object.entries({ a: 'a', b: 'never', c: 'c' }))
    writeFileSync(
      join(suite ?? '', `${name}.yaml`),
      `osrun: 1\nname: ${name}\nsteps:\n  - request: GET ${stranger.url}/${path}\n`,
    )
  const environment = { OS_AUTH_TYPE: 'none', OS_ENDPOINT: stranger.url, XDG_STATE_HOME: state }
  const { child, ended } = startProcess([suite ?? ''], environment)
  ended.catch(() => {})
  await expect.poll(() => stranger.heard.some(({ url }) => url === '/never'), { timeout: 20_000 }).toBe(true)
  const closed = new Promise((resolve) => child.on('close', resolve))
  child.kill('SIGKILL')
  await closed
  const { stdout } = await runOsrun([suite ?? '', '--last-failed', '--list'], environment)
  expect(stdout.match(/\w+\.yaml/g)).toEqual(['a.yaml', 'b.yaml', 'c.yaml'])
})
