import { expect, test } from 'vitest'
import { outputOf } from '../../src/cli/terminal/output.ts'
import { memoryIo } from './memory-io.ts'

test.each([
  [120, true, 120],
  [0, false, 80],
])('a terminal of %s columns', (columns, isTerminal, width) => {
  const { io } = memoryIo({ CI: '', TERM: 'xterm' })
  const stream = Object.assign(memoryIo().io.stdout, { isTTY: true, columns })
  expect(outputOf(stream, io)).toMatchObject({ isTerminal, width })
})
