import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { OsrunError } from '../model/problem.ts'
import { fileTrouble } from '../util/file-trouble.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs a command on this program's own streams, and gives its exit status as a shell does: 128 and the signal's number
 * for one that a signal ended. A signal to this program goes on to the command; at the second one it is killed.
 *
 * @param umask that of the command, where it is another than this program's
 * @throws OsrunError COMMAND_UNUSABLE when it cannot be started
 */
export async function runCommandWith(
  [program = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  umask?: number,
): Promise<number> {
  let child: ChildProcess | undefined
  let got = 0
  const forward = (signal: NodeJS.Signals): void => {
    got++
    // At a terminal Ctrl+C reaches the command itself.
    const reaches = signal === 'SIGINT' && process.stdin.isTTY
    if (got > 1) child?.kill('SIGKILL')
    else if (!reaches) child?.kill(signal)
  }
  // Before it is started: it may be quick to ask for a signal.
  for (const signal of signals) process.on(signal, forward)
  try {
    return await new Promise((resolve, reject) => {
      child = withUmask(umask, () => start(program, args, environment))
      child.once('error', (cause) => reject(unusable(program, cause)))
      child.once('close', (status, signal) =>
        resolve(status ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      )
    })
  } finally {
    for (const signal of signals) process.off(signal, forward)
  }
}

function withUmask<T>(umask: number | undefined, make: () => T): T {
  if (umask === undefined) return make()
  const own = process.umask(umask)
  try {
    return make()
  } finally {
    process.umask(own)
  }
}

// An empty name, or one with a NUL, is refused at once.
function start(program: string, args: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
  try {
    return spawn(program, args, { stdio: 'inherit', env: environment })
  } catch (cause) {
    throw unusable(program, cause)
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
