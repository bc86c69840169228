import { createHash } from 'node:crypto'
import type { Piece } from '../../piece.ts'

/** The bytes of an object. */
export type Body = {
  readonly parts: readonly Piece[]
  readonly size: number
  /** MD5 in hex. */
  readonly etag: string
}

/** Where the bytes of all objects are. */
export type Bodies = {
  /**
   * Takes bytes in; `full` when there is no room for all of them. When they break off it rejects. Either way none of them stays.
   *
   * @param etag their MD5, where it is known
   */
  write(chunks: Chunks, etag?: string): Promise<Body | 'full'>
  /** Forgets the bytes of an object. */
  free(body: Body): void
  /** Makes room for what is there from the start. */
  grant(bytes: number): void
}

type Chunks = AsyncIterable<Buffer> | Iterable<Buffer>

/** What all bodies take, and what they may take, in bytes. */
export type Room = { used: number; limit: number }

/** Bodies in memory. */
export function createMemoryBodies(limit: number): Bodies {
  const room = { used: 0, limit }
  return {
    async write(chunks, etag) {
      const parts: Buffer[] = []
      const taken = await takeIn(chunks, { room, etag }, (chunk) => {
        parts.push(chunk)
        return undefined
      })
      return taken === 'full' ? 'full' : { parts, ...taken }
    },
    free({ size }) {
      room.used -= size
    },
    grant(bytes) {
      room.limit += bytes
    },
  }
}

/** Hands each chunk to `keep` as long as there is room for them, and gives their size and MD5. */
export async function takeIn(
  chunks: Chunks,
  { room, etag }: { readonly room: Room; readonly etag: string | undefined },
  keep: (chunk: Buffer) => Promise<void> | undefined,
): Promise<Pick<Body, 'size' | 'etag'> | 'full'> {
  const hash = createHash('md5')
  let size = 0
  let isKept = false
  try {
    for await (const chunk of chunks) {
      if (room.used + chunk.length > room.limit) return 'full'
      room.used += chunk.length
      size += chunk.length
      if (etag === undefined) hash.update(chunk)
      const pending = keep(chunk)
      if (pending) await pending
    }
    isKept = true
    return { size, etag: etag ?? hash.digest('hex') }
  } finally {
    if (!isKept) room.used -= size
  }
}
