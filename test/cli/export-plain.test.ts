import { expect, test } from 'vitest'
import { runOsrun } from './osrun.ts'

const guide = 'recipes/object-metadata.yaml'

test('a hand-out ends with the plain script of its recipe, where it has one', async () => {
  const { stdout: script } = await runOsrun(['export', '--plain', guide])
  expect(script).toMatch(/^#!\/bin\/sh\n/)
  const { stdout } = await runOsrun(['docs', '--sandbox', guide])
  expect(stdout.endsWith(`\n\n## All of it as one script\n\n\`\`\`sh\n${script}\`\`\`\n`)).toBe(true)
  const other = await runOsrun(['docs', '--sandbox', 'recipes/object-roundtrip.yaml'])
  expect(other.stdout).not.toContain('as one script')
})

test('a recipe that cannot be written plainly is refused with the place of its step', async () => {
  const { status, stdout, stderr } = await runOsrun(['export', '--plain', 'recipes/container-fill.yaml'])
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/container-fill\.yaml:\d+:5 EXPORT_IMPOSSIBLE A step with "retry" cannot be written/)
  expect(stderr).toContain('`osrun export` without --plain')
})
