import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import { OsrunError } from '../../model/problem.ts'
import { fileTrouble } from '../../util/files/file-trouble.ts'
import type { Environment, Io } from '../io.ts'
import { type EndingSignal, listenForEnding, ofKeys } from './ending-signals.ts'
import { spawnOn } from './spawn-on.ts'

/** What a command is run with. */
export type CommandPlace = {
  readonly environment: Environment
  /** Where it is another than this program's. */
  readonly umask: number | undefined
}

/**
 * Runs a command on this program's own streams, and gives its exit status as a shell does: 128 and the signal's number
 * for one that a signal ended. A signal to this program goes on to the command; at the second one it is killed.
 *
 * @throws OsrunError COMMAND_UNUSABLE when it cannot be started
 */
export async function runCommandWith(
  command: readonly string[],
  { environment, umask }: CommandPlace,
  io: Io,
): Promise<number> {
  const [program = ''] = command
  let child: ChildProcess | undefined
  let got = 0
  const forward = (signal: EndingSignal): boolean => {
    got++
    // At a terminal a key reaches the command itself.
    const reaches = ofKeys.has(signal) && io.stdin.isTTY === true
    if (got > 1) child?.kill('SIGKILL')
    else if (!reaches) child?.kill(signal)
    return true
  }
  // Before it is started: it may be quick to ask for a signal.
  using _listening = listenForEnding(io.signals, forward)
  return await new Promise((resolve, reject) => {
    child = withUmask(umask, io, () => start(io, command, environment))
    child.once('error', (cause) => reject(unusable(program, cause)))
    child.once('close', (status, signal) =>
      resolve(status ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    )
  })
}

function withUmask<T>(umask: number | undefined, io: Io, make: () => T): T {
  if (umask === undefined) return make()
  const own = io.umask(umask)
  try {
    return make()
  } finally {
    io.umask(own)
  }
}

// An empty name, or one with a NUL, is refused at once.
function start(io: Io, command: readonly string[], environment: Environment): ChildProcess {
  try {
    return spawnOn(io, command, environment)
  } catch (cause) {
    throw unusable(command[0] ?? '', cause)
  }
}

function unusable(program: string, cause: unknown): OsrunError {
  return new OsrunError(
    'COMMAND_UNUSABLE',
    `The command "${program}" cannot be started: ${fileTrouble(cause)}.`,
    {
      hint: 'Name a program of PATH, or the path of one, and its arguments after --.',
      cause,
    },
  )
}
