import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { visibleCommands } from '../../src/cli/visible-commands.ts'
import { memoryIo } from '../cli/memory-io.ts'
import { manPage } from './man-page.ts'

function mandoc(...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync('mandoc', [...args], { encoding: 'utf8', input: manPage() })
  return stdout + stderr
}

describe('as mandoc reads it', () => {
  test('mandoc finds nothing to complain of', () => {
    // What it says of mandoc.db is of this machine, not of the page.
    const told = mandoc('-T', 'lint')
      .split('\n')
      .filter((line) => line !== '' && !line.includes('mandoc.db'))
    expect(told).toEqual([])
  })

  test('every command and every flag is in the page as it is read', async () => {
    // Bold is a letter, a backspace, and the letter again.
    const struck = mandoc('-T', 'utf8', '-O', 'width=200').split('\b')
    const text = struck.map((part, index) => (index < struck.length - 1 ? part.slice(0, -1) : part)).join('')
    for (const command of visibleCommands(await createProgram({ io: memoryIo().io, setStatus() {} }))) {
      expect(text).toContain(command.name())
      for (const { long, hidden } of command.options) if (!hidden) expect(text).toContain(long)
    }
  })
})
