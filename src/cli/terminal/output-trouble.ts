import { setImmediate } from 'node:timers/promises'
import { errorCodes } from '../../model/error-codes.ts'
import { OsrunError } from '../../model/problem.ts'
import { fileTrouble } from '../../util/files/file-trouble.ts'
import type { Io, OutputStream } from '../io.ts'
import { printErrorTo } from './print-error.ts'

/** What the streams of a command have suffered. */
export type OutputTrouble = {
  /**
   * The exit status of a command that would end with this one. Waits for what is on its way to the streams, and says
   * what was lost: of standard output on standard error, of standard error on a terminal alone, since what reads standard
   * output otherwise may be a program.
   */
  settle(status: number): Promise<number>
}

/**
 * Listens for errors of both streams until the process ends: none of them ends it, so that cleaning up runs whatever
 * happens to the output, and the first of each stream is remembered. A reader that goes away, as `head` does, is no
 * trouble: it had what it wanted.
 */
export function listenForOutputTrouble(io: Pick<Io, 'stdout' | 'stderr' | 'environment'>): OutputTrouble {
  const { stdout, stderr } = io
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!first.has(stream)) first.set(stream, error)
    })
  return {
    async settle(status) {
      await Promise.all([written(stdout), written(stderr)])
      const lost = lossOf(stdout, 'Standard output')
      if (lost !== undefined) {
        printErrorTo(stderr, lost, io)
        await written(stderr)
      }
      const untold = lossOf(stderr, 'Standard error')
      if (lost === undefined && untold !== undefined && stdout.isTTY === true)
        printErrorTo(stdout, untold, io)
      return status === 0 && (lost ?? untold) !== undefined ? errorCodes.OUTPUT_LOST.exit : status
    },
  }
}

/** What of the output so far was lost, once it is on its way; undefined where all of it arrived. */
export async function lossOfOutput({
  stdout,
  stderr,
}: Pick<Io, 'stdout' | 'stderr'>): Promise<OsrunError | undefined> {
  await Promise.all([written(stdout), written(stderr)])
  return lossOf(stdout, 'Standard output') ?? lossOf(stderr, 'Standard error')
}

// The first error of each stream that is listened to.
const first = new WeakMap<OutputStream, NodeJS.ErrnoException>()

function lossOf(stream: OutputStream, name: string): OsrunError | undefined {
  const cause = first.get(stream)
  if (cause === undefined || cause.code === 'EPIPE') return undefined
  return new OsrunError('OUTPUT_LOST', `${name} could not be written: ${fileTrouble(cause)}.`, { cause })
}

// Whether the last write went well is told when it is through.
async function written(stream: OutputStream): Promise<void> {
  await new Promise((resolve) => void stream.write('', resolve))
  await setImmediate()
}
