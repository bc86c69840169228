import type { EventEmitter } from 'node:events'
import { type Ended, startOsrun } from '../cli/osrun.ts'

/** A command of osrun that serves something until it is stopped. */
export type ServedCommand = AsyncDisposable & {
  /** The address that it printed. */
  readonly url: string
  /** Interrupts it, as Ctrl+C does, and gives how it ended. */
  stop(): Promise<Ended>
}

/** Starts a command and waits for the address that it prints. */
export async function startServing(args: readonly string[]): Promise<ServedCommand> {
  const { stdout, signal, ended } = startOsrun(args)
  const url = await Promise.race([
    firstLine(stdout),
    ended.then(({ status, stderr }) => {
      throw new Error(`osrun ${args.join(' ')} ended with ${status}: ${stderr}`)
    }),
  ])
  const stop = async (): Promise<Ended> => {
    signal('SIGINT')
    return ended
  }
  return { url, stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}

function firstLine(stdout: EventEmitter): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    stdout.on('data', (part: string) => {
      text += part
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
    })
  })
}

/** The address of a page, once `osrun sandbox --web` has printed it on this stream. */
export function pageAddress(stderr: EventEmitter | null): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    stderr?.on('data', (part: string) => {
      text += part
      const [, found] = /(http:\/\/127\.0\.0\.1:\d+\/[\w-]+\/)\n/.exec(text) ?? []
      if (found !== undefined) resolve(found)
    })
  })
}
