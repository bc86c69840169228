import { spawnSync } from 'node:child_process'
import { beforeEach } from 'vitest'

/**
 * Says which programs the tests of a file, or of a `describe`, need besides Node. On a machine that lacks one they do
 * not run, and say so; the whole check of a commit installs all of them and counts a test that did not run as failed.
 */
export function needs(...programs: readonly string[]): void {
  const missing = programs.filter((program) => spawnSync('which', [program]).status !== 0)
  if (missing.length === 0) return
  const what = missing.join(', ')
  process.stderr.write(
    `\nNOT RUN: some tests need ${what}; on Debian: apt-get install ${missing.join(' ')}\n`,
  )
  beforeEach(({ skip }) => skip(`there is no ${what}`))
}
