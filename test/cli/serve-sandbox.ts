import type { Environment, Io } from '../../src/cli/io.ts'
import { type Ended, type Started, startOsrun } from './osrun.ts'

/** `osrun sandbox` under way. */
export type ServedSandbox = AsyncDisposable & {
  /** The variables that it printed, `OSRUN_SANDBOX_URL` and `OSRUN_SANDBOX_KEY` among them. */
  readonly environment: Readonly<Record<string, string>>
  readonly url: string
  /** Ends it by a signal, and gives how it ended. */
  stop(signal?: NodeJS.Signals): Promise<Ended>
}

/**
 * Starts `osrun sandbox` and waits until it serves.
 *
 * @throws Error with what it said, when it ends instead
 */
export async function serveSandbox(
  flags: readonly string[] = [],
  variables: Environment = {},
  given: Partial<Io> = {},
): Promise<ServedSandbox> {
  const started = startOsrun(['sandbox', ...flags], variables, given)
  await untilServing(started)
  const environment = variablesOf(started.stdout.text())
  const stop = (name: NodeJS.Signals = 'SIGTERM'): Promise<Ended> => {
    started.signal(name)
    return started.ended
  }
  return {
    environment,
    url: environment.OSRUN_SANDBOX_URL ?? '',
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  }
}

// It says on standard error how it is used, when all the rest is done.
async function untilServing({ stderr, ended }: Started): Promise<void> {
  const serving = new Promise<void>((resolve) => stderr.once('data', () => resolve()))
  const early = ended.then(({ status, stderr: told }) => {
    throw new Error(`osrun sandbox ended with ${status}: ${told}`)
  })
  await Promise.race([serving, early])
  early.catch(() => {})
}

/** The variables that lines of a shell export. */
function variablesOf(lines: string): Readonly<Record<string, string>> {
  const found = [...lines.matchAll(/^export (\w+)=(.*)$/gm)]
  return Object.fromEntries(
    found.map(([, name = '', value = '']) => [
      name,
      value.replaceAll("'\\''", '\0').replaceAll("'", '').replaceAll('\0', "'"),
    ]),
  )
}
