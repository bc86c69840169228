import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runOsrun } from '../cli/osrun.ts'
import { folderOf } from '../run/included.ts'
import { recipeOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { opening, play } from './play.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

describe('before anything is sent it is refused', () => {
  const hidden = `${opening}  - request: HEAD /photos\n    defer: [{ run: "true" }]\n`

  test.each([
    ['without permission', { allowRun: false }, 'RUN_REFUSED'],
    ['when the run is read-only', { readOnly: true }, 'READ_ONLY'],
  ])('%s', async (_when, options, code) => {
    await expect(play(sandbox, hidden, { allowRun: true, ...options })).rejects.toMatchObject({
      code,
      at: { line: 7 },
    })
    expect(sandbox.requests).toEqual([])
  })

  test('by the command, in included recipes too; check does not mind', async () => {
    const folder = folderOf({
      'main.yaml': 'osrun: 1\nsteps:\n  - authenticate:\n  - include: _run.yaml\n',
      '_run.yaml': 'osrun: 1\nsteps:\n  - run: echo hello\n',
    })
    const file = join(folder, 'main.yaml')
    const refused = await runOsrun(['--sandbox', file])
    expect([refused.status, refused.stdout]).toEqual([1, ''])
    expect(refused.stderr).toMatch(/_run\.yaml:3:5 RUN_REFUSED[\s\S]*--allow-run/)
    expect((await runOsrun(['--sandbox', '--allow-run', '--read-only', file])).stderr).toContain('READ_ONLY')
    expect((await runOsrun(['check', file])).status).toBe(0)
  })
})

test('names that mean something to programs are refused, and two that are one variable', async () => {
  const problems = async (inputs: string) => {
    const error = await recipeOf(`osrun: 1\ninputs: ${inputs}\nsteps:\n  - run: echo\n`).catch((one) => one)
    return error.problems?.map(({ message }: { message: string }) => message)
  }
  for (const name of [
    'PATH',
    'LD_PRELOAD',
    'OS_PASSWORD',
    'OS-TOKEN',
    'BASH_ENV',
    'IFS',
    'http_proxy',
    'NODE_OPTIONS',
  ])
    expect(await problems(`{ ${name}: x }`), name).toHaveLength(1)
  expect(await problems('{ a-b: x, a_b: x }')).toEqual([expect.stringContaining('both')])
  expect(await problems('{ path: x, token-life: x }')).toBeUndefined()
})
