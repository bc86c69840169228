import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { runOsrun, startOsrun } from './osrun.ts'

let sandbox: Sandbox
let folder: string
beforeAll(async () => {
  sandbox = await startSandbox({ record: true })
  folder = mkdtempSync(join(tmpdir(), 'osrun-closing-'))
  writeFileSync(join(folder, 'a.yaml'), 'osrun: 1\nname: A\nsteps:\n  - authenticate:\n')
  writeFileSync(join(folder, 'inputs.json'), '{}')
})
afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

/** What keeps this process alive, by its kind. */
const open = (): readonly string[] =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => !/^(Immediate|TTYWrap|PipeWrap|MessagePort|FSReqPromise|CloseReq)$/.test(kind))

/** What of it was not there before, a moment after all is closed. */
async function openSince(before: readonly string[]): Promise<readonly string[]> {
  for (let time = 0; ; time++) {
    const left = [...before]
    const more = open().filter((kind) => {
      const at = left.indexOf(kind)
      if (at >= 0) left.splice(at, 1)
      return at < 0
    })
    if (more.length === 0 || time === 50) return more
    await setTimeout(10)
  }
}

describe('what a command opens is closed when it has ended', () => {
  test.each([
    [['recipes/object-metadata.yaml', '--jobs', '2']],
    [['--sandbox', 'recipes/object-roundtrip.yaml']],
    [['recipes/object-metadata.yaml', '--deadline', '1ms']],
    [['learn', '--auto=0s', 'token']],
    [['catalog', '--versions']],
    [['explain', 'recipes']],
    [['docs', 'recipes/object-metadata.yaml']],
    [['sweep', '--dry-run']],
  ])('%j', async (args) => {
    const before = open()
    await runOsrun(args, sandbox.environment)
    expect(await openSince(before)).toEqual([])
  })

  test.each([
    [['sandbox', '--tls']],
    [['sandbox', '--web']],
    [['learn', '--web', 'a.yaml']],
    [['learn', '--board']],
    [['run', '--watch', '.']],
  ])('%j, by a signal', async (args) => {
    const before = open()
    const { stdout, stderr, signal, ended } = startOsrun(args, sandbox.environment, { cwd: folder })
    await expect.poll(() => stdout.text() + stderr.text(), { timeout: 10_000 }).toMatch(/Ctrl\+C|--board/)
    signal('SIGINT')
    expect((await ended).status).toBe(0)
    expect(await openSince(before)).toEqual([])
  })
})
