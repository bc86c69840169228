import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clearLine, cursorTo, moveCursor } from 'node:readline'
import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { expect } from 'vitest'
import type { Environment } from '../../src/cli/io.ts'
import { memoryIo } from './memory-io.ts'
import { startOsrun } from './osrun.ts'

/** osrun on a terminal, as somebody sees it and types. */
export type Terminal = AsyncDisposable & {
  /** All that was shown, without what moves the cursor or colours. */
  text(): string
  /** Waits for a text to be shown since the last one that was waited for, and gives what came before it. */
  shows(text: string): Promise<string>
  /** Presses keys: the bytes that they send. */
  press(keys: string): void
  /** The status; waits for the end. */
  status(): Promise<number | null>
}

/** Opens a terminal, and starts osrun on it. */
export type OpenTerminal = (args: readonly string[], environment: Environment) => Terminal

/** Starts osrun in this process, on a terminal of 80 columns in memory. */
export const openMemoryTerminal: OpenTerminal = (args, environment) => {
  const { stdout } = memoryIo().io
  const screen = Object.assign(stdout, {
    isTTY: true,
    columns: 80,
    cursorTo: (x: number, y?: number) => cursorTo(stdout, x, y),
    moveCursor: (x: number, y: number) => moveCursor(stdout, x, y),
    clearLine: (direction: -1 | 0 | 1) => clearLine(stdout, direction),
  })
  let isRaw = false
  const keyboard = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(raw: boolean) {
      isRaw = raw
    },
  })
  let raw = ''
  screen.on('data', (part: string) => {
    raw += part
  })
  const { signal, ended } = startOsrun(
    args,
    { TERM: 'xterm', LANG: 'C.UTF-8', ...environment },
    { stdin: keyboard, stdout: screen, stderr: screen },
  )
  const closed = ended.then(({ status }) => status)
  return {
    ...shownOn(() => raw, closed),
    press(keys) {
      // A terminal that is not told otherwise makes a signal of it.
      if (keys === '\u0003' && !isRaw) signal('SIGINT')
      else keyboard.write(keys)
    },
    status: () => closed,
    async [Symbol.asyncDispose]() {
      signal('SIGTERM')
      keyboard.end()
      await closed
    },
  }
}

/** Starts the built program by `script`, which gives it a terminal; what it writes to standard error is shown there too. */
export function openTerminal(
  args: readonly string[],
  environment: Environment,
): Terminal & { readonly child: ChildProcess } {
  const home = mkdtempSync(join(tmpdir(), 'osrun-home-'))
  const words = [process.execPath, 'bin/osrun.cjs', ...args].map((word) => `'${word}'`)
  const child = spawn('script', ['-qec', words.join(' '), '/dev/null'], {
    env: { PATH: process.env.PATH, HOME: home, TERM: 'xterm', LANG: 'C.UTF-8', ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let raw = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    raw += part
  })
  const closed = new Promise<number | null>((resolve) =>
    child.on('close', (status) => {
      resolve(status)
      // What ran on a terminal that is gone may still be writing there.
      void rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    }),
  )
  return {
    ...shownOn(() => raw, closed),
    child,
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

function shownOn(raw: () => string, closed: Promise<unknown>): Pick<Terminal, 'text' | 'shows'> {
  const text = (): string => stripVTControlCharacters(raw()).replace(/\r+\n/g, '\n')
  let hasEnded = false
  const end = (): void => {
    hasEnded = true
  }
  closed.then(end, end)
  let seen = 0
  return {
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
  }
}
