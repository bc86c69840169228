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
  const install = missing.map((program) => packages[program] ?? program).join(' ')
  process.stderr.write(`\nNOT RUN: some tests need ${what}; on Debian: apt-get install ${install}\n`)
  beforeEach(({ skip }) => skip(`there is no ${what}`))
}

/** Debian's packages of programs, where they go by another name. */
const packages: Readonly<Record<string, string>> = {
  openstack: 'python3-openstackclient',
  swift: 'python3-swiftclient',
}
