import { type ChildProcess, spawn } from 'node:child_process'
import type { Environment, Io } from './io.ts'

/**
 * Starts a program on the streams and in the folder of `io`: those that have a file of the system are its own, to others
 * its bytes are carried. Throws, or emits `error`, as `spawn` does.
 */
export function spawnOn(
  { stdin, stdout, stderr, cwd }: Io,
  [program = '', ...args]: readonly string[],
  env: Environment,
): ChildProcess {
  const place = ({ fd }: { readonly fd?: number }) => fd ?? 'pipe'
  const child = spawn(program, args, { stdio: [place(stdin), place(stdout), place(stderr)], cwd, env })
  // Who reads no more ends when it likes.
  if (child.stdin !== null) stdin.pipe(child.stdin.on('error', () => {}))
  child.stdout?.pipe(stdout, { end: false })
  child.stderr?.pipe(stderr, { end: false })
  return child
}
