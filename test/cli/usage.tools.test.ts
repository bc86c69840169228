import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('a reader of the output that goes away is no error', () => {
  const out = execFileSync('sh', ['-c', 'node bin/osrun.cjs check recipes 2>&1 | head -1'], {
    encoding: 'utf8',
  })
  expect(out.split('\n')).toHaveLength(2)
})
