import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { visibleCommands } from '../../src/cli/visible-commands.ts'
import { memoryIo } from '../cli/memory-io.ts'
import { needs } from '../needs.ts'
import { manPage } from './man-page.ts'

// `npm run golden` rewrites it.
test('man/osrun.1 says what the program says', async () => {
  await expect(manPage()).toMatchFileSnapshot('../../man/osrun.1')
})

function mandoc(...args: readonly string[]): string {
  const { error, stdout, stderr } = spawnSync('mandoc', [...args], { encoding: 'utf8', input: manPage() })
  if (error !== undefined)
    throw new Error(`mandoc cannot be run (${error.message}); on Debian: apt-get install mandoc`)
  return stdout + stderr
}

describe('as mandoc reads it', () => {
  needs('mandoc')

  test('mandoc finds nothing to complain of', () => {
    // What it says of mandoc.db is of this machine, not of the page.
    const told = mandoc('-T', 'lint')
      .split('\n')
      .filter((line) => line !== '' && !line.includes('mandoc.db'))
    expect(told).toEqual([])
  })

  test('every command and every flag is in the page as it is read', () => {
    // Bold is a letter, a backspace, and the letter again.
    const struck = mandoc('-T', 'utf8', '-O', 'width=200').split('\b')
    const text = struck.map((part, index) => (index < struck.length - 1 ? part.slice(0, -1) : part)).join('')
    for (const command of visibleCommands(createProgram({ io: memoryIo().io, setStatus() {} }))) {
      expect(text).toContain(command.name())
      for (const { long, hidden } of command.options) if (!hidden) expect(text).toContain(long)
    }
  })
})

test('every variable that the sources read is in the page', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('sandbox'))
    .map((name) => readFileSync(`src/${name}`, 'utf8'))
    .join('\n')
  const read = [
    ...sources.matchAll(/(?<!\$\{)\benv(?:ironment)?\.([A-Z_]{2,})\b/g),
    ...sources.matchAll(/'((?:https?|all|no)_proxy|OS_[A-Z_]+[A-Z])'/g),
  ].map(([, name = '']) => name)
  expect(read.length).toBeGreaterThan(10)
  const page = manPage()
  for (const name of read.filter((one) => !['NAME', 'PATH', 'DOLLAR', 'TEMP_URL_KEY'].includes(one)))
    expect(page).toContain(`.It Ev ${name}\n`)
})
