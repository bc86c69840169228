import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../run/on-sandbox.ts'
import { runOsrun } from './osrun.ts'
import { describePrompt } from './prompt-cases.ts'
import { openMemoryTerminal } from './terminal.ts'

describePrompt(openMemoryTerminal)

test.each([
  ['without a terminal', []],
  ['with several jobs', ['--jobs', '2']],
  ['at a step that there is not', ['--break', 'judgement']],
])('%s it is refused, before anything is sent', async (_name, flags) => {
  await using sandbox = await startSandbox({ record: true })
  const folder = mkdtempSync(join(tmpdir(), 'osrun-prompt-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'stopped.yaml')
  writeFileSync(
    file,
    'osrun: 1\nname: Stopped\nsteps:\n  - authenticate:\n  - id: judge\n    pick-endpoint: object-store\n',
  )
  const { status, stdout, stderr } = await runOsrun(
    ['run', file, '--break', 'judge', ...flags],
    sandbox.environment,
  )
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr.match(/^[A-Z]+_[A-Z]+ /gm)).toEqual(['USAGE_INVALID '])
  expect(stderr).not.toMatch(/^ +at /m)
  expect(sandbox.requests).toEqual([])
})
