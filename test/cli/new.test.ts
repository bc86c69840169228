import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadRecipe } from '../run/on-sandbox.ts'
import { runOsrun } from './osrun.ts'

const folder = mkdtempSync(join(tmpdir(), 'osrun-new-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('osrun new', () => {
  test.each([
    ['check-my-store.yaml', 'Check my store'],
    ['été.yml', 'Été'],
    ['true.yaml', 'True'],
    ['12.yaml', '12'],
    ["it's: a #1 [x].yaml", "It's: a #1 [x]"],
    [`${'long-'.repeat(30)}.yaml`, `Long ${'long '.repeat(29)}`.trim()],
    ['-.yaml', 'New'],
  ])('writes "%s", which passes as it stands on the sandbox, as its last line says', async (name, title) => {
    const file = join(folder, name)
    const written = await runOsrun(['new', file])
    expect([written.status, written.stdout]).toEqual([0, ''])
    expect((await loadRecipe(file)).name).toBe(title)
    const checked = await runOsrun(['check', file])
    expect([checked.status, checked.stderr]).toEqual([0, ''])
    const { status, stdout } = await runOsrun(['--sandbox', file])
    expect([status, stdout]).toEqual([0, expect.stringContaining('5 of 5 steps')])
    expect(written.stderr).toMatch(/^.* is written\. Try it: osrun --sandbox .*\n$/)
  })

  test('leaves what is there, unless told to overwrite it', async () => {
    const file = join(folder, 'mine.yaml')
    writeFileSync(file, 'mine')
    const { status, stderr } = await runOsrun(['new', file])
    expect([status, stderr]).toEqual([1, expect.stringContaining('exists already')])
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect((await runOsrun(['new', file, '--force'])).status).toBe(0)
    expect(readFileSync(file, 'utf8')).toContain('name: Mine\n')
  })

  test('prints it, and tells where it cannot be written', async () => {
    const printed = await runOsrun(['new', '-'])
    expect([printed.status, printed.stderr]).toEqual([0, ''])
    expect(printed.stdout).toContain('name: New\n')
    const { status, stderr } = await runOsrun(['new', join('package.json', 'a.yaml')])
    expect([status, stderr]).toEqual([1, expect.stringContaining('FILE_UNWRITABLE')])
    const without = await runOsrun(['new'])
    expect([without.status, without.stderr]).toEqual([1, expect.stringContaining('USAGE_INVALID')])
  })
})
