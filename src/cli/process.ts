import { homedir, tmpdir } from 'node:os'
import { errorCodes } from '../model/error-codes.ts'
import type { Io } from './io.ts'
import { main } from './main.ts'
import { rememberTerminals } from './terminal/gone-terminal.ts'
import { printError } from './terminal/print-error.ts'

/**
 * Runs the command line of a process and gives back the exit status. An error that nobody caught is told without a stack, and
 * ends a run as a signal does, so that it cleans up.
 *
 * @param argv the words after `osrun`
 * @param process that of Node
 */
export async function runProcess(argv: readonly string[], process: NodeJS.Process): Promise<number> {
  const leaveTerminals = rememberTerminals()
  for (const stream of [process.stdout, process.stderr]) neverBlock(stream)
  const io = ioOf(process)
  // What ends before it has given its status did not pass.
  process.exitCode = errorCodes.INTERNAL.exit
  let isBroken = false
  const onUncaught = (error: NodeJS.ErrnoException): void => {
    // Who asks on a terminal that goes away learns of it by an error of Node that nobody can catch.
    const isHangup = error.code === 'EIO' && io.stdin.isTTY === true
    if (!isHangup) printError(error, io)
    isBroken ||= !isHangup
    const signal = isHangup ? 'SIGHUP' : 'SIGTERM'
    if (process.emit(signal, signal)) return
    leaveTerminals()
    process.exit(isHangup ? errorCodes.INTERRUPTED.exit : errorCodes.INTERNAL.exit)
  }
  process.on('uncaughtException', onUncaught)
  const status = await main(argv, io)
  process.off('uncaughtException', onUncaught)
  leaveTerminals()
  return isBroken && (status === 0 || status === errorCodes.INTERRUPTED.exit)
    ? errorCodes.INTERNAL.exit
    : status
}

/** What Node has behind a stream to a terminal. */
type TerminalHandle = { readonly fd?: number; setBlocking?(blocks: boolean): unknown }

// Node waits for a terminal that takes no more, as after Ctrl+S, and hears no signal and no deadline meanwhile. What it was given
// is kept and written before the process ends, as with a pipe. https://nodejs.org/api/process.html#a-note-on-process-io
function neverBlock(stream: NodeJS.WriteStream): void {
  const { fd, _handle: handle } = stream as { readonly fd?: number; readonly _handle?: TerminalHandle }
  // Node has opened the terminal once more, but where that was refused: other programs have the same then, and rely on it.
  if (stream.isTTY && handle !== undefined && handle.fd !== fd) handle.setBlocking?.(false)
}

function ioOf(process: NodeJS.Process): Io {
  return {
    // Few commands read it, and to open it takes time.
    get stdin() {
      return process.stdin
    },
    stdout: process.stdout,
    stderr: process.stderr,
    childStreams: 'inherit',
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
