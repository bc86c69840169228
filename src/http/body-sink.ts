import { createHash } from 'node:crypto'
import type { BodyFacts } from '../model/exchange.ts'
import { phrase } from '../model/phrase.ts'
import { OsrunError } from '../model/problem.ts'
import { openDraft } from '../util/files/file-draft.ts'
import { fileTrouble } from '../util/files/file-trouble.ts'

/** Takes the bytes of an answer as they come. */
export type BodySink = {
  write(chunk: Buffer): void
  /** The facts of the body, and its bytes when they were kept. */
  end(): { readonly facts: BodyFacts; readonly body: Uint8Array | undefined }
  /** Throws away what came. */
  discard(): void
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
    },
    end() {
      if (hashes !== undefined) return { facts: hashes.facts(), body: undefined }
      const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
      return { facts: factsOf(body), body }
    },
    discard() {
      chunks = []
    },
  }
}

/**
 * Writes the body to a file beside its target, hashing it on the way, and renames it when it is complete.
 * Each chunk is on its way to the disk when `write` returns: to pause undici instead, while the disk is slow,
 * would kill the process when the server closes meanwhile, as undici asserts that nobody pauses at the end.
 */
export function createFileSink(path: string): BodySink {
  const hashes = createHashes()
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      throw new OsrunError(
        'FILE_UNWRITABLE',
        phrase`The file "${path}" cannot be written: ${fileTrouble(cause)}.`,
        {
          cause,
        },
      )
    }
  }
  const draft = attempt(() => openDraft(path))
  return {
    write(chunk) {
      hashes.update(chunk)
      attempt(() => draft.write(chunk))
    },
    end() {
      attempt(() => draft.finish())
      return { facts: hashes.facts(), body: undefined }
    },
    discard: draft.discard,
  }
}

/**
 * An answer with the facts of its body, whose hashes are made when they are read. One without a body has nothing to be made: for V8
 * each object with getters of its own is of a kind of its own, which makes it and all that reads it slow.
 */
export function withFacts<T extends object>(answer: T, facts: BodyFacts): T & BodyFacts {
  if (facts.size === 0) return { ...answer, ...facts }
  return {
    ...answer,
    size: facts.size,
    get md5() {
      return facts.md5
    },
    get sha256() {
      return facts.sha256
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
