import { type ChildProcess, spawn } from 'node:child_process'
import type { Environment, Io } from '../io.ts'
import { unshielded } from './shield.ts'

/** Starts a program on the streams and in the folder of `io`. Throws, or emits `error`, as `spawn` does. */
export function spawnOn(io: Io, [program = '', ...args]: readonly string[], env: Environment): ChildProcess {
  const child = spawn(program, args, { stdio: io.childStreams, cwd: io.cwd, env })
  // Who reads no more ends when it likes.
  if (child.stdin !== null) io.stdin.pipe(child.stdin.on('error', () => {}))
  child.stdout?.pipe(unshielded(io.stdout), { end: false })
  child.stderr?.pipe(unshielded(io.stderr), { end: false })
  return child
}
