import childProcess, { ChildProcess } from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach } from 'vitest'

// The tests of this lane run on a machine that has Node and nothing else, and in process, where they cost a tenth. One
// that starts a program fails, also when what it calls takes the error for that of a missing program.
const started: string[] = []

function refuse(program: unknown): never {
  const error = new Error(
    `A test of this lane starts a process (${String(program)}); it belongs into X.tools.test.ts, or into test/process.`,
  )
  started.push(error.message)
  throw error
}

Object.assign(ChildProcess.prototype, {
  spawn: (options: { readonly file?: unknown }) => refuse(options.file),
})
for (const name of ['spawnSync', 'execSync', 'execFileSync'] as const)
  Object.assign(childProcess, { [name]: refuse })
syncBuiltinESMExports()

afterEach(() => {
  const [first] = started.splice(0)
  if (first !== undefined) throw new Error(first)
})
