import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { openMemoryTerminal } from '../terminal.ts'
import { type OpenScreen, type Prompt, promptOf } from './screen.ts'

const keys: Readonly<Record<string, string>> = {
  'C-c': '\u0003',
  Down: '\u001b[B',
  Up: '\u001b[A',
  Enter: '\r',
}

/** Starts osrun in this process, on a terminal in memory. It says `status N` when it has ended. */
export const openMemoryScreen: OpenScreen = (args, environment = {}) => {
  const home = mkdtempSync(join(tmpdir(), 'osrun-screen-'))
  const terminal = openMemoryTerminal(args, {
    HOME: home,
    XDG_STATE_HOME: join(home, 'state'),
    ...environment,
  })
  let end = ''
  const closed = terminal.status().then((status) => {
    end = `\nstatus ${status}\n`
  })
  const text = (): string => terminal.text() + end
  let answered = 0
  const until = async <T>(look: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      await setTimeout(5)
    }
  }
  const promptNow = (): Prompt | undefined => promptOf(text(), answered)
  const press = (...names: readonly string[]): void => {
    for (const name of names) terminal.press(keys[name] ?? name)
  }
  const type = (line: string): void => terminal.press(`${line}\r`)
  return {
    home,
    text,
    press,
    type,
    shows: (pattern) => until(() => pattern.exec(text().split('◇').at(-1) ?? '') ?? undefined),
    prompt: () => until(promptNow),
    async choose(label) {
      const { labels, current } = await until(promptNow)
      const at = (wanted: string): number => labels.findIndex((one) => one.startsWith(wanted))
      if (at(label) < 0) throw new Error(`there is no "${label}" among: ${labels.join(' / ')}`)
      const steps = at(label) - at(current)
      answered++
      press(...Array.from({ length: Math.abs(steps) }, () => (steps > 0 ? 'Down' : 'Up')), 'Enter')
    },
    async answer(line) {
      await until(promptNow)
      answered++
      type(line)
    },
    async [Symbol.asyncDispose]() {
      await terminal[Symbol.asyncDispose]()
      await closed
      rmSync(home, { recursive: true })
    },
  }
}
