import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from './ended.ts'
import { examples } from './stage.ts'

const [, first = ''] = readFileSync(`${examples}/Containerfile`, 'utf8').split(/^(?=FROM )/m)
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-container-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('what its first stage copies is all that the package is made of', async () => {
  for (const [, sources = ''] of first.matchAll(/^COPY (.*) \S+$/gm))
    for (const source of sources.split(' ')) {
      expect(existsSync(source), source).toBe(true)
      cpSync(source, join(folder, source), { recursive: true })
    }
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
  const environment = { PATH: process.env.PATH, HOME: process.env.HOME }
  // With its scripts: the build is run of what was copied.
  const copied = await run('npm', ['pack', '--json', '--pack-destination', folder], environment, folder)
  expect(copied.status).toBe(0)
  const whole = await run('npm', ['pack', '--json', '--ignore-scripts', '--dry-run'], environment)
  const files = (output: string): readonly string[] => (output.match(/"path": "[^"]+"/g) ?? []).toSorted()
  expect(files(copied.output)).toEqual(files(whole.output))
  expect(files(whole.output).length).toBeGreaterThan(50)
}, 120_000)
