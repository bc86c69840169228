import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** What the program asks at the moment. */
export type Prompt = {
  readonly question: string
  /** The labels of its choices; none where a text is asked for. */
  readonly labels: readonly string[]
  /** The one that Enter takes. */
  readonly current: string
}

/** osrun on a terminal of 80 columns, as somebody sees and types it. */
export type Screen = AsyncDisposable & {
  /** A folder of its own: the user's home. */
  readonly home: string
  /** All that was shown, lines whole. */
  text(): string
  /** Waits for a text to be shown below the last question that was answered. */
  shows(pattern: RegExp): Promise<RegExpExecArray>
  /** Waits for the next question. */
  prompt(): Promise<Prompt>
  /** Takes a choice of the question at hand. */
  choose(label: string): Promise<void>
  /** Presses keys, named as tmux does. */
  press(...keys: readonly string[]): void
  /** Types a line, and Enter. */
  type(line: string): void
  /** Answers the question at hand with a text. */
  answer(line: string): Promise<void>
}

/** Starts osrun on a screen of its own. */
export type OpenScreen = (args: readonly string[], environment?: Readonly<Record<string, string>>) => Screen

/** The question at the end of what is shown, when so many have been answered before it. */
export function promptOf(text: string, answered: number): Prompt | undefined {
  if (text.split('◇').length - 1 !== answered) return undefined
  const [, question = '', rest] = /◆ {2}(.*)\n((?:│.*\n)+)└\s*$/.exec(text.slice(text.lastIndexOf('◆'))) ?? []
  if (rest === undefined) return undefined
  const lines = [...rest.matchAll(/^│ {2}([●○]) (.*)$/gm)]
  const labels = lines.map(([, , label = '']) => label)
  return { question, labels, current: lines.find(([, sign]) => sign === '●')?.[2] ?? '' }
}

/** Starts osrun in tmux. It says `status N` when it has ended. */
export const openScreen: OpenScreen = (args, environment = {}) => {
  const home = mkdtempSync(join(tmpdir(), 'osrun-screen-'))
  // Where there is none, fish makes it, and goes on filling it when everything else has ended.
  mkdirSync(join(home, '.local/share/fish/generated_completions'), { recursive: true })
  const folder = mkdtempSync(join(tmpdir(), 'osrun-tmux-'))
  const tmux = (...words: readonly string[]): string =>
    execFileSync('tmux', ['-u', '-S', join(folder, 'socket'), '-f', '/dev/null', ...words], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8', TERM: 'xterm-256color' },
    })
  const variables = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    XDG_STATE_HOME: join(home, 'state'),
    TERM: 'screen-256color',
    LANG: 'C.UTF-8',
    SHELL: '/bin/bash',
    ...environment,
  }
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  const command = ['env', '-i', ...words, process.execPath, 'bin/osrun.cjs', ...args]
  const script = '"$@"; echo "status $?"; exec cat'
  tmux(
    'set-option',
    '-g',
    'history-limit',
    '100000',
    ';',
    'new-session',
    '-d',
    '-x',
    '80',
    '-y',
    '50',
    'sh',
    '-c',
    script,
    'sh',
    ...command,
  )
  // A test that has failed is asked for it when the screen is gone.
  let last: string | undefined
  const text = (): string => last ?? tmux('capture-pane', '-p', '-J', '-S', '-').replace(/[ \t]+$/gm, '')
  let answered = 0
  const until = async <T>(look: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      await setTimeout(20)
    }
  }
  const promptNow = (): Prompt | undefined => promptOf(text(), answered)
  const press = (...keys: readonly string[]): void => {
    tmux('send-keys', ...keys)
  }
  const type = (line: string): void => {
    tmux('send-keys', '-l', line)
    tmux('send-keys', 'Enter')
  }
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
      for (let step = 0; step < Math.abs(steps); step++) press(steps > 0 ? 'Down' : 'Up')
      await until(() => (promptNow()?.current.startsWith(label) === true ? true : undefined))
      answered++
      press('Enter')
    },
    async answer(line) {
      await until(promptNow)
      answered++
      type(line)
    },
    async [Symbol.asyncDispose]() {
      last = text()
      spawnSync('tmux', ['-S', join(folder, 'socket'), 'kill-server'])
      rmSync(folder, { recursive: true, force: true })
      // A shell may still write what it has begun to write about its commands.
      rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}
