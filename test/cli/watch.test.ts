import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { runOsrun, startOsrun } from './osrun.ts'

let sandbox: Sandbox
let folder: string
beforeEach(async () => {
  sandbox = await startSandbox()
  folder = mkdtempSync(join(tmpdir(), 'osrun-watch-'))
})
afterEach(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

const recipe = (name: string, step = 'request: GET ${token.identity_url}') =>
  `osrun: 1\nname: ${name}\nsteps:\n  - authenticate:\n  - ${step}\n`

/** Watches, and gives what was said since the last time when it waits again. */
function watch(...words: readonly string[]) {
  const { stdout, stderr, signal, ended } = startOsrun(['run', '--watch', ...words], sandbox.environment)
  let said = ''
  const wake = new Set<() => void>()
  for (const stream of [stdout, stderr])
    stream.on('data', (text: string) => {
      said += text
      for (const one of wake) one()
    })
  const waits = async (): Promise<string> => {
    for (;;) {
      const at = said.indexOf('Ctrl+C ends.\n')
      if (at >= 0) {
        const before = said.slice(0, at)
        said = said.slice(at + 13)
        return before
      }
      await new Promise<void>((resolve) => wake.add(resolve))
      wake.clear()
    }
  }
  const stop = async () => {
    signal('SIGINT')
    return (await ended).status
  }
  return { waits, stop }
}

test('a recipe runs again when it has changed; what is wrong with it is told, and waited for', async () => {
  const file = join(folder, 'a.yaml')
  writeFileSync(file, recipe('One'))
  const { waits, stop } = watch(file)
  expect(await waits()).toContain('✓ One: passed')
  writeFileSync(file, recipe('Two', 'request: { url: "GET ${token.identity_url}", expect: 418 }'))
  const told = await waits()
  expect(told.split('\n')[0]).toBe(`note: Changed: ${file}`)
  expect(told).toContain('✗ Two: failed')
  writeFileSync(file, 'osrun: 1\nnme: Three\n')
  expect(await waits()).toContain('RECIPE_INVALID')
  // As many editors save.
  writeFileSync(join(folder, 'new'), recipe('Four'))
  renameSync(join(folder, 'new'), file)
  expect(await waits()).toContain('✓ Four: passed')
  expect(await stop()).toBe(0)
  expect(sandbox.liveTokens()).toEqual([])
})

test('of a folder new recipes run as well, and what is included or given as inputs counts', async () => {
  const [part, inputs] = [join(folder, '_part.yaml'), join(folder, 'values.json')]
  writeFileSync(join(folder, 'a.yaml'), recipe('A', 'include: _part.yaml'))
  writeFileSync(part, recipe('Part'))
  writeFileSync(inputs, '{}')
  const { waits, stop } = watch(folder, '--inputs', inputs)
  expect(await waits()).toContain('✓ A: passed')
  writeFileSync(join(folder, 'b.yaml'), recipe('B'))
  expect(await waits()).toContain('✓ B: passed')
  writeFileSync(join(folder, 'notes.txt'), 'nothing to run')
  mkdirSync(join(folder, 'empty'))
  writeFileSync(part, recipe('Part', 'assert: { status: 418 }'))
  const told = await waits()
  expect(told).toContain('✗ A: failed')
  expect(told).not.toMatch(/notes\.txt|empty/)
  writeFileSync(inputs, '{ "no-such-input": 1 }')
  expect(await waits()).toContain('no-such-input')
  expect(await stop()).toBe(1)
})

test('a wrong command line ends it at once', async () => {
  const file = join(folder, 'a.yaml')
  writeFileSync(file, recipe('One'))
  const refused = await runOsrun(['run', '--watch', '--list', file], sandbox.environment)
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('USAGE_INVALID')])
  const without = await runOsrun(['run', '--watch', file], {})
  expect([without.status, without.stderr]).toEqual([1, expect.stringContaining('CLOUD_MISSING')])
})
