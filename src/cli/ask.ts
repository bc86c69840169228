import type { Ask } from '../run/wait.ts'
import type { Io, OutputStream } from './io.ts'

/** Waits for a line of standard input; undefined where nobody can answer: without a terminal on both sides. */
export function askOnTerminal(talk: OutputStream, { stdin }: Pick<Io, 'stdin'>): Ask | undefined {
  if (stdin.isTTY !== true || talk.isTTY !== true) return undefined
  return async (signal) => {
    const listening = new AbortController()
    let answered = (): void => {}
    try {
      await new Promise<void>((resolve, reject) => {
        if (signal.aborted) reject(signal.reason)
        signal.addEventListener('abort', () => reject(signal.reason), { signal: listening.signal })
        // A terminal gives whole lines, each at once; the end of the input is an answer too.
        answered = resolve
        stdin.once('data', answered).once('end', answered)
      })
    } finally {
      listening.abort()
      stdin.off('data', answered).off('end', answered).pause()
    }
  }
}
