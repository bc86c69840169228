import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { BodyFacts } from '../model/exchange.ts'
import { phrase } from '../model/phrase.ts'
import { OsrunError } from '../model/problem.ts'
import { fileTrouble } from '../util/files/file-trouble.ts'
import { createHashes } from './body-sink.ts'

/** Size in bytes and time of the last change of a file that is to be sent; `FILE_UNREADABLE` when there is none. */
export async function statFile(path: string): Promise<{ readonly size: number; readonly changed: number }> {
  try {
    const found = await stat(path)
    if (!found.isFile()) throw new Error('it is no file')
    return { size: found.size, changed: found.mtimeMs }
  } catch (cause) {
    throw new OsrunError(
      'FILE_UNREADABLE',
      phrase`The file "${path}" cannot be read: ${fileTrouble(cause)}.`,
      {
        cause,
      },
    )
  }
}

/**
 * Hashes a file that another process sends at the same time. Throws `FILE_UNREADABLE` when the file changed
 * in between, since the hash may then be of other bytes than those that were sent.
 */
export async function hashFile(path: string, signal: AbortSignal): Promise<() => Promise<BodyFacts>> {
  const before = await statFile(path)
  const hashes = createHashes()
  const hashing = pipeline(
    createReadStream(path, { highWaterMark: 256 * 1024 }),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) hashes.update(chunk)
    },
    { signal },
  )
  // Whoever asks for the facts learns of a failure; a request that fails by itself never asks.
  hashing.catch(() => {})
  return async () => {
    try {
      await hashing
    } catch (cause) {
      throw new OsrunError(
        'FILE_UNREADABLE',
        phrase`The file "${path}" cannot be read: ${fileTrouble(cause)}.`,
        {
          cause,
        },
      )
    }
    const after = await statFile(path)
    if (after.size !== before.size || after.changed !== before.changed)
      throw new OsrunError('FILE_UNREADABLE', phrase`The file "${path}" changed while it was being sent.`)
    return hashes.facts()
  }
}
