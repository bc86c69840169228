import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runOsrun } from '../cli/osrun.ts'
import { folderOf } from '../run/included.ts'

test('a script of a recipe is run when it is allowed', async () => {
  const file = join(folderOf({ 'main.yaml': 'osrun: 1\nsteps:\n  - run: echo hello\n' }), 'main.yaml')
  const allowed = await runOsrun(['--sandbox', '--allow-run', file])
  expect([allowed.status, allowed.stdout]).toEqual([0, expect.stringContaining('stdout = "hello"')])
})
