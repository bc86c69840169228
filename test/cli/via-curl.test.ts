import { expect, test } from 'vitest'
import { runOsrun } from './osrun.ts'

test('an unknown transport is refused with the nearest name', async () => {
  const { status, stderr } = await runOsrun(['--via', 'Crul', '--sandbox', 'recipes/object-metadata.yaml'])
  expect(stderr).toMatch(/^USAGE_INVALID .*"Crul".*\n.*Did you mean curl\?/)
  expect(status).toBe(1)
})
