import { afterEach, expect, test, vi } from 'vitest'
import { outputOf } from '../../src/cli/output.ts'

afterEach(() => vi.unstubAllEnvs())

test.each([
  [120, true, 120],
  [0, false, 80],
])('a terminal of %s columns', (columns, isTerminal, width) => {
  vi.stubEnv('CI', '')
  vi.stubEnv('TERM', 'xterm')
  const stream = { isTTY: true, columns, write: () => true } as unknown as NodeJS.WriteStream
  expect(outputOf(stream)).toMatchObject({ isTerminal, width })
})
