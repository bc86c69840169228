import { type ChildProcess, spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { expect } from 'vitest'

/** osrun on a terminal, as somebody sees it and types. */
export type Terminal = AsyncDisposable & {
  readonly child: ChildProcess
  /** All that was shown, without what moves the cursor or colours. */
  text(): string
  /** Waits for a text to be shown since the last one that was waited for, and gives what came before it. */
  shows(text: string): Promise<string>
  /** Presses keys: the bytes that they send. */
  press(keys: string): void
  /** The status; waits for the end. */
  status(): Promise<number | null>
}

/** Starts osrun by `script`, which gives it a terminal; what it writes to standard error is shown there too. */
export function openTerminal(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const words = [process.execPath, 'bin/osrun.cjs', ...args].map((word) => `'${word}'`)
  const child = spawn('script', ['-qec', words.join(' '), '/dev/null'], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', TERM: 'xterm', LANG: 'C.UTF-8', ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let raw = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    raw += part
  })
  const text = (): string => stripVTControlCharacters(raw).replace(/\r+\n/g, '\n')
  let hasEnded = false
  const closed = new Promise<number | null>((resolve) =>
    child.on('close', (status) => {
      hasEnded = true
      resolve(status)
    }),
  )
  let seen = 0
  return {
    child,
    text,
    async shows(wanted) {
      const since = seen
      // What has ended shows nothing more.
      const isOver = (): boolean => hasEnded || text().includes(wanted, since)
      await expect.poll(isOver, { timeout: 20_000, interval: 20 }).toBe(true)
      expect(text().slice(since)).toContain(wanted)
      const at = text().indexOf(wanted, since)
      seen = at + wanted.length
      return text().slice(since, at)
    },
    press(keys) {
      child.stdin.write(keys)
    },
    status: () => closed,
    async [Symbol.asyncDispose]() {
      // A terminal that goes away ends what runs on it.
      child.kill('SIGTERM')
      await closed
    },
  }
}
