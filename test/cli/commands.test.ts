import { expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { visibleCommands } from '../../src/cli/visible-commands.ts'
import { memoryIo } from './memory-io.ts'

test('each command is loaded by its own name, alone', async () => {
  const context = { io: memoryIo().io, setStatus() {} }
  const names = visibleCommands(await createProgram(context)).map((command) => command.name())
  expect(names.length).toBeGreaterThan(10)
  for (const name of names) {
    const { commands } = await createProgram(context, name)
    expect(commands.map((command) => command.name())).toEqual([name])
  }
})
