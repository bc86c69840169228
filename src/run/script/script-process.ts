import { constants } from 'node:os'
import { kill } from 'node:process'
import type { Readable } from 'node:stream'
import { phrase } from '../../model/phrase.ts'
import { OsrunError, toProblem } from '../../model/problem.ts'
import { quietShell } from '../../util/quiet-shell.ts'
import { withoutLastWord } from '../../util/text/text-end.ts'

/** What bash is to run. */
export type ScriptJob = {
  readonly script: string
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  /** Ends the script, and all that it started, when it aborts. */
  readonly signal: AbortSignal
}

/** What a script wrote, at most 1 MiB of each kind. */
export type ScriptOutput = {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  /** Whether some of standard output is missing. */
  readonly isCut: boolean
}

/** How much of each output is kept, in bytes. */
const mostKept = 1024 * 1024

/** How much of a word that was cut in half is left out, in characters. */
const longestWord = 65_536

/** How long a script that was asked to end may go on, in milliseconds. */
const grace = 2000

/**
 * Runs a script by bash, strictly, in a process group of its own: so Ctrl-C reaches osrun alone, and one signal ends all of
 * it. What it leaves behind in the group ends with it. Throws the signal's reason, or RUN_REFUSED where there is no bash.
 */
export async function runScriptProcess({
  script,
  directory,
  environment,
  signal,
}: ScriptJob): Promise<ScriptOutput> {
  if (signal.aborted) throw signal.reason
  const { $ } = await import('zx/core')
  // zx keeps all that comes by the usual pipes, so the script writes to others.
  const running = $({
    ...quiet,
    cwd: directory,
    env: { ...environment },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })`${script}`
  const { pid, child } = running
  const [stdout, stderr] = ((child?.stdio.slice(3) ?? []) as Readable[]).map(keep)
  const end = (name: NodeJS.Signals): void => {
    if (pid !== undefined) killGroup(pid, name)
  }
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => {
    end('SIGTERM')
    timer = setTimeout(() => end('SIGKILL'), grace)
  }
  signal.addEventListener('abort', stop, { once: true })
  child?.once('exit', () => end('SIGKILL'))
  try {
    const output = await running
    if (signal.aborted) throw signal.reason
    if (output.cause !== null)
      throw new OsrunError(
        'RUN_REFUSED',
        phrase`bash cannot be started: ${toProblem(output.cause).message}`,
        {
          hint: phrase`Install bash, and start osrun with a PATH that has it.`,
          cause: output.cause,
        },
      )
    const exit = output.exitCode ?? 128 + (output.signal === null ? 9 : constants.signals[output.signal])
    return {
      exit,
      stdout: stdout?.text() ?? '',
      stderr: stderr?.text() ?? '',
      isCut: stdout?.isCut() ?? false,
    }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

const quiet = { ...quietShell, prefix: 'exec >&3 2>&4 3>&- 4>&-; set -euo pipefail\n' } as const

function keep(stream: Readable): { text(): string; isCut(): boolean } {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    if (size < mostKept) chunks.push(chunk.subarray(0, mostKept - size))
    size += chunk.length
  })
  return {
    isCut: () => size > mostKept,
    text() {
      const text = Buffer.concat(chunks).toString()
      // Half a word could be half a secret, which nobody would know for one.
      return size > mostKept ? withoutLastWord(text, longestWord) : text
    },
  }
}

function killGroup(pid: number, name: NodeJS.Signals): void {
  try {
    kill(-pid, name)
  } catch {
    // All of it has ended by itself.
  }
}
