import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { exitStatuses } from '../../src/model/error-codes.ts'
import { memoryIo } from '../cli/memory-io.ts'
import { examples } from './stage.ts'

const guide = readFileSync('docs/scheduling.md', 'utf8')
const files = readdirSync(examples)

test.each(files)('%s is in the guide', (file) => {
  expect(guide).toContain(`[${file}](scheduling/${file})`)
})

test('the guide says what to do about each exit status', () => {
  for (const status of Object.keys(exitStatuses)) expect(guide).toMatch(new RegExp(`^\\| ${status} \\|`, 'm'))
})

test.each(
  files.filter((file) => file !== 'alerts.yaml' && file !== 'Containerfile' && !file.endsWith('.timer')),
)('the command lines of %s have commands and flags that there are', async (file) => {
  const program = await createProgram({ io: memoryIo().io, setStatus() {} })
  const lines = [
    ...readFileSync(`${examples}/${file}`, 'utf8').matchAll(/(?<![\w-])osrun ([a-z]+)((?: --?[a-z].*)?)/g),
  ]
  const used = lines.flatMap(([, name, rest = '']) => {
    const command = program.commands.find((one) => one.name() === name)
    const flags = [...rest.matchAll(/(?<= )--[a-z-]+/g)].map(([flag]) => flag)
    return command === undefined || flags.length === 0 ? [] : flags.map((flag) => ({ command, flag }))
  })
  expect(used.length).toBeGreaterThan(2)
  for (const { command, flag } of used) expect(command.options.map(({ long }) => long)).toContain(flag)
})
