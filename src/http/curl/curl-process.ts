import { kill } from 'node:process'
import type { Readable, Writable } from 'node:stream'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import { quietShell } from '../../util/quiet-shell.ts'

/** What one curl is given. */
export type CurlJob = {
  readonly config: Buffer
  /** What it reads from its standard input. */
  readonly input: Buffer
  readonly environment: Readonly<Record<string, string>>
  /** Takes the bytes of all heads that come, and of trailers. */
  onHead(chunk: Buffer): void
  /** Takes the bytes of the body. */
  onBody(chunk: Buffer): void
}

/** How a curl ended. */
export type CurlEnd = {
  /** curl's exit status; more than 128 when a signal ended it. */
  readonly exit: number
  /** What it wrote to its standard error: the report that `--write-out` asks for. */
  readonly report: string
}

/** A curl that runs. */
export type CurlProcess = {
  /** Settles when the process and all who write for it are gone. */
  readonly ended: Promise<CurlEnd>
  /** Ends it at once. */
  kill(): void
}

/**
 * Starts curl in a process group of its own, so that Ctrl-C reaches osrun alone and one signal ends all of it, and
 * without a terminal that it could ask for a pass phrase. Node makes sockets of pipes, and Linux opens no socket by
 * /dev/fd: so the configuration and the heads go through a cat, whose pipes curl can open by name. Standard input is
 * nothing to bash, which reads ~/.bashrc when that is a socket.
 */
export async function startCurl(job: CurlJob): Promise<CurlProcess> {
  const $ = await shell()
  const running = $({
    ...quiet,
    env: { ...job.environment },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
  })`cat <&3 | curl -q --config /dev/fd/7 7<&0 0<&6 --dump-header /dev/fd/8 8>&1 >&5 3<&- 4>&- 5>&- 6<&- | cat >&4`
  const { pid, child } = running
  const [config, heads, body, input] = (child?.stdio.slice(3) ?? []) as [
    Writable,
    Readable,
    Readable,
    Writable,
  ]
  if (pid !== undefined) {
    heads.on('data', job.onHead)
    body.on('data', job.onBody)
    // A curl that ends early closes them; its exit status says why.
    for (const stream of [config, input]) stream.on('error', () => {})
    config.end(job.config)
    input.end(job.input)
  }
  const end = async (): Promise<CurlEnd> => {
    const output = await running
    if (output.cause !== null) throw missing('bash', output.cause)
    return { exit: output.exitCode ?? 137, report: output.stderr }
  }
  return {
    ended: end(),
    kill() {
      if (pid === undefined) return
      try {
        kill(-pid, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    },
  }
}

/** Throws `CURL_UNUSABLE` unless there is a curl that writes its report as JSON with its errors in it: 7.75. */
export async function checkCurl(environment: Readonly<Record<string, string>>): Promise<void> {
  const $ = await shell()
  const output = await $({
    ...quiet,
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })`curl -q --version`
  if (output.cause !== null) throw missing('bash', output.cause)
  if (output.exitCode === 127) throw missing('curl', output.stderr.trim())
  const [, version = '', major, minor] = /^curl ((\d+)\.(\d+)\S*)/.exec(output.stdout) ?? []
  if (Number(major) * 1000 + Number(minor) >= 7075) return
  throw new OsrunError(
    'CURL_UNUSABLE',
    version === ''
      ? `\`curl --version\` ended with status ${output.exitCode} and told no version.`
      : `curl ${version} is too old for --via curl, which needs 7.75 or newer.`,
    { hint: phrase`Put a newer curl first in PATH, or leave --via out.`, cause: output.stderr },
  )
}

const quiet = { ...quietShell, prefix: 'set -o pipefail; ' } as const

// Imported when it is used: few runs need it.
async function shell() {
  const { $ } = await import('zx/core')
  return $
}

function missing(program: string, cause: unknown): OsrunError {
  return new OsrunError('CURL_UNUSABLE', phrase`There is no ${program} in PATH, and --via curl needs it.`, {
    hint: phrase`Install curl and bash, or leave --via out.`,
    cause,
  })
}
