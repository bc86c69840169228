import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { OsrunError } from '../model/problem.ts'
import { fileTrouble } from '../util/file-trouble.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs a command on this program's own streams, and gives its exit status as a shell does: 128 and the signal's number
 * for one that a signal ended. A signal to this program goes on to the command; at the second one it is killed.
 *
 * @throws OsrunError COMMAND_UNUSABLE when it cannot be started
 */
export async function runCommandWith(
  [program = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', env: environment })
  let got = 0
  const forward = (signal: NodeJS.Signals): void => {
    got++
    // At a terminal Ctrl+C reaches the command itself.
    const reaches = signal === 'SIGINT' && process.stdin.isTTY
    if (got > 1) child.kill('SIGKILL')
    else if (!reaches) child.kill(signal)
  }
  for (const signal of signals) process.on(signal, forward)
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (cause) => reject(unusable(program, cause)))
      child.once('close', (status, signal) =>
        resolve(status ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      )
    })
  } finally {
    for (const signal of signals) process.off(signal, forward)
  }
}

function unusable(program: string, cause: Error): OsrunError {
  return new OsrunError(
    'COMMAND_UNUSABLE',
    `The command "${program}" cannot be started: ${fileTrouble(cause)}.`,
    {
      hint: 'Name a program of PATH, or the path of one, and its arguments after --.',
      cause,
    },
  )
}
