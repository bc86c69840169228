import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderOf } from '../run/included.ts'
import { runOsrun } from './osrun.ts'

const steps = 'steps:\n  - authenticate:\n  - pick-endpoint: object-store\n'
const matrix = `osrun: 1\nname: M\ninputs: { region: }\nmatrix: { region: [RegionOne, RegionTwo] }\ndefaults: { region: "\${region}" }\n${steps}outputs: { place: "\${endpoint.region}" }\n`

test('a matrix makes runs that are listed, chosen and told by their names', async () => {
  const folder = folderOf({ 'main.yaml': matrix })
  const file = join(folder, 'main.yaml')
  const listed = await runOsrun(['--list', file])
  expect(listed.stdout).toBe(`${file}  M [region=RegionOne]\n${file}  M [region=RegionTwo]\n`)
  const shard = await runOsrun(['--list', '--shard', '2/2', file])
  expect(shard.stdout).toBe(`${file}  M [region=RegionTwo]\n`)
  const both = await runOsrun(['--sandbox', '--jobs', '2', '--report', 'junit=-', file])
  expect(both.stdout).toMatch(/name="M \[region=RegionOne\]"[\s\S]*name="M \[region=RegionTwo\]"/)
  const one = await runOsrun(['--sandbox', '-q', '--input', 'region=RegionTwo', file])
  expect(one.stdout).toMatch(/^✓ M \[region=RegionTwo\]: .*\nplace=RegionTwo\n$/)
  const none = await runOsrun(['--sandbox', '--input', 'region=RegionTow', file])
  expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('Did you mean RegionTwo?')])
})

test('outputs alone stand on standard output for a shell', async () => {
  const folder = folderOf({ 'main.yaml': matrix })
  const { stdout, status } = await runOsrun([
    '--sandbox',
    folder,
    '--report',
    'outputs=-',
    '-i',
    'region=RegionOne',
  ])
  expect([status, stdout]).toEqual([0, 'place=RegionOne\n'])
  const all = await runOsrun(['--sandbox', folder, '--report', 'outputs=-'])
  expect(all.stdout).toBe(
    '# M [region=RegionOne]\nplace=RegionOne\n# M [region=RegionTwo]\nplace=RegionTwo\n',
  )
})

test('--region comes before the region of defaults', async () => {
  const folder = folderOf({ 'main.yaml': matrix })
  const args = [
    '--sandbox',
    folder,
    '--report',
    'outputs=-',
    '-i',
    'region=RegionOne',
    '--region',
    'RegionTwo',
  ]
  expect((await runOsrun(args)).stdout).toBe('place=RegionTwo\n')
})

test('check reads what is included once, and --allow-include allows a folder', async () => {
  const elsewhere = folderOf({ '_part.yaml': `osrun: 1\n${steps}` })
  const text = `osrun: 1\nsteps:\n  - include: ${elsewhere}/_part.yaml\n`
  const folder = folderOf({ 'a.yaml': text, 'b.yaml': text, '_c.yaml': 'not: a recipe\n' })
  const refused = await runOsrun(['check', folder])
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/\n2 problems in 2 files\n$/)])
  const allowed = await runOsrun(['check', '--allow-include', elsewhere, folder])
  expect([allowed.status, allowed.stdout.match(/good, 1 step/g)?.length]).toEqual([0, 2])
  const run = await runOsrun(['--sandbox', '-q', '--allow-include', elsewhere, join(folder, 'a.yaml')])
  expect(run.status).toBe(0)
})
