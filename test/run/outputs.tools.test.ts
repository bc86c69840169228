import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { outputsReporter } from '../../src/report/formats/outputs.ts'
import { startSandbox } from './on-sandbox.ts'
import { reported, told } from './outputs-told.ts'

test('a shell reads the lines back, whatever is in the values', async () => {
  await using sandbox = await startSandbox()
  const head = 'inputs: { odd: "it\'s $HOME `id` \\\\ \\n*" }\n'
  const played = await told(sandbox, '{ my-odd: "${odd}", list: ["${odd}", 2], nothing: null }', { head })
  const lines = await reported(outputsReporter, played)
  const read = execFileSync('sh', ['-c', `${lines}printf '%s|%s|%s' "$my_odd" "$list" "$nothing"`], {
    encoding: 'utf8',
  })
  const odd = "it's $HOME `id` \\ \n*"
  expect(read).toBe(`${odd}|${JSON.stringify([odd, 2])}|`)
})
