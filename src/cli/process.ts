import { homedir, tmpdir } from 'node:os'
import { rememberTerminals } from './gone-terminal.ts'
import type { Io } from './io.ts'
import { main } from './main.ts'

/**
 * Runs the command line of a process and gives back the exit status.
 *
 * @param argv the words after `osrun`
 * @param process that of Node
 */
export async function runProcess(argv: readonly string[], process: NodeJS.Process): Promise<number> {
  const leaveTerminals = rememberTerminals()
  const status = await main(argv, ioOf(process))
  leaveTerminals()
  return status
}

function ioOf(process: NodeJS.Process): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    // Its folder may be gone, which not every command minds.
    get cwd() {
      return process.cwd()
    },
    home: homedir(),
    temporary: tmpdir(),
    platform: process.platform,
    nodeVersion: process.versions.node,
    pid: process.pid,
    signals: process,
    umask: (mask) => process.umask(mask),
  }
}
