import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { expectClosed, openHandles, openSince } from './open-handles.ts'
import { runOsrun } from './osrun.ts'

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
    [['cloud', '--sandbox', '--os-auth-type', 'nonsense']],
  ])('%j', async (args) => {
    const before = openHandles()
    await runOsrun(args, sandbox.environment)
    expect(await openSince(before)).toEqual([])
  })

  test.each([[['sandbox', '--tls']], [['run', '--watch', '.']]])('%j, by a signal', (args) =>
    expectClosed(args, sandbox.environment, folder),
  )
})
