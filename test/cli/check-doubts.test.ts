import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runOsrun } from './osrun.ts'

const folder = mkdtempSync(join(tmpdir(), 'osrun-doubts-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('check warns of the name of a value without its braces in a URL, and of nothing in shipped recipes', async () => {
  const recipe = join(folder, 'r.yaml')
  writeFileSync(
    recipe,
    'osrun: 1\nname: Doubt\nsteps:\n  - authenticate:\n  - pick-endpoint: compute\n  - request: GET $endpoint/servers\n    defer: [{ request: { url: "DELETE ${endpoint}/$id" } }]\n',
  )
  const { status, stdout, stderr } = await runOsrun(['check', recipe])
  expect([status, stdout]).toEqual([0, expect.stringContaining('good, 3 steps')])
  expect(stderr).toContain('r.yaml:6:14 warning "$endpoint" is sent as it stands there.')
  expect(stderr).toContain('The value of a name is ${endpoint}.')
  expect(stderr).toContain('warning "$id" is sent as it stands there.')
  expect(await runOsrun(['check', '-q', 'recipes'])).toEqual({ status: 0, stdout: '', stderr: '' })
})
