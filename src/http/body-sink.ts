import { createHash } from 'node:crypto'
import type { WriteStream } from 'node:fs'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import type { BodyFacts } from '../model/exchange.ts'
import { OsrunError } from '../model/problem.ts'

/** Takes the bytes of an answer as they come. */
export type BodySink = {
  /** False when the sender is to wait until `onDrain`. */
  write(chunk: Buffer): boolean
  /** The facts of the body, and its bytes when they were kept. */
  end(): Promise<{ readonly facts: BodyFacts; readonly body: Uint8Array | undefined }>
  /** Throws away what came. */
  discard(): Promise<void>
}

const empty: BodyFacts = {
  size: 0,
  md5: 'd41d8cd98f00b204e9800998ecf8427e',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
}

/** Keeps up to `limit` bytes; of a longer body only size and hashes remain. Hashes of a kept body are made when read. */
export function createMemorySink(limit: number): BodySink {
  let chunks: Buffer[] = []
  let size = 0
  let hashes: ReturnType<typeof createHashes> | undefined
  return {
    write(chunk) {
      size += chunk.length
      if (hashes === undefined) {
        chunks.push(chunk)
        if (size > limit) {
          hashes = createHashes()
          for (const kept of chunks) hashes.update(kept)
          chunks = []
        }
      } else hashes.update(chunk)
      return true
    },
    async end() {
      if (hashes !== undefined) return { facts: hashes.facts(), body: undefined }
      const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
      return { facts: factsOf(body), body }
    },
    async discard() {
      chunks = []
    },
  }
}

/** Writes the body to a file beside its target, hashing it on the way, and renames it when it is complete. */
export function createFileSink(path: string, onDrain: () => void): BodySink {
  const draft = `${path}.part`
  const file: WriteStream = createWriteStream(draft)
  let failure: Error | undefined
  file.on('error', (error) => {
    failure = error
    onDrain()
  })
  file.on('drain', onDrain)
  const hashes = createHashes()
  const fail = (cause: unknown): OsrunError =>
    new OsrunError('FILE_UNWRITABLE', `The file "${path}" cannot be written.`, { cause })
  return {
    write(chunk) {
      if (failure) throw fail(failure)
      hashes.update(chunk)
      return file.write(chunk)
    },
    async end() {
      try {
        file.end()
        await finished(file)
        await rename(draft, path)
      } catch (cause) {
        throw fail(failure ?? cause)
      }
      return { facts: hashes.facts(), body: undefined }
    },
    async discard() {
      file.destroy()
      // What keeps it from being removed is what kept it from being written, and that is told.
      await rm(draft, { force: true }).catch(() => {})
    },
  }
}

/** Hashes of bytes that pass by. */
export function createHashes(): { update(chunk: Uint8Array): void; facts(): BodyFacts } {
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  let size = 0
  return {
    update(chunk) {
      size += chunk.length
      md5.update(chunk)
      sha256.update(chunk)
    },
    facts: () => ({ size, md5: md5.digest('hex'), sha256: sha256.digest('hex') }),
  }
}

function factsOf(body: Buffer): BodyFacts {
  if (body.length === 0) return empty
  return {
    size: body.length,
    get md5() {
      return createHash('md5').update(body).digest('hex')
    },
    get sha256() {
      return createHash('sha256').update(body).digest('hex')
    },
  }
}
