import { isatty } from 'node:tty'
import { OsrunError } from '../../model/problem.ts'
import type { Ask } from '../../run/wait.ts'
import type { InputStream, Io, OutputStream } from '../io.ts'

/**
 * Waits for a line of standard input; undefined where nobody can answer: without a terminal on both sides. Throws INTERRUPTED
 * when the terminal goes away.
 */
export function askOnTerminal(talk: OutputStream, { stdin }: Pick<Io, 'stdin'>): Ask | undefined {
  if (stdin.isTTY !== true || talk.isTTY !== true) return undefined
  return async (signal) => {
    const listening = new AbortController()
    let [answered, ended] = [(): void => {}, (): void => {}]
    try {
      await new Promise<void>((resolve, reject) => {
        if (signal.aborted) reject(signal.reason)
        signal.addEventListener('abort', () => reject(signal.reason), { signal: listening.signal })
        answered = resolve
        // Ctrl+D is an answer too; a terminal that is gone gave none.
        ended = () => {
          if (isGone(stdin)) reject(new OsrunError('INTERRUPTED', 'The terminal is gone.'))
          else resolve()
        }
        // A terminal gives whole lines, each at once.
        stdin.once('data', answered).once('end', ended)
      })
    } finally {
      listening.abort()
      stdin.off('data', answered).off('end', ended).pause()
    }
  }
}

function isGone({ fd }: InputStream): boolean {
  return fd !== undefined && !isatty(fd)
}
