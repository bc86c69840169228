import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { platform } from 'node:os'
import { join } from 'node:path'
import type { FilePiece } from '../piece.ts'
import type { Bodies, Room } from '../swift/store/bodies.ts'
import { takeIn } from '../swift/store/bodies.ts'

/**
 * Bodies in the files of a folder, one each, which are written once and are on the disk before anybody refers to them.
 *
 * @param free removes a file when nobody reads it any more
 */
export function createFileBodies(folder: string, room: Room, free: (file: string) => void): Bodies {
  return {
    async write(chunks, etag) {
      const file = randomUUID()
      const path = join(folder, file)
      let isKept = false
      try {
        const taken = await writeFile(path, (keep) => takeIn(chunks, { room, etag }, keep))
        if (taken === 'full') return 'full'
        if (taken.size === 0) return { parts: [], ...taken }
        await syncFolder(folder)
        isKept = true
        return { parts: [filePiece(folder, file, 0, taken.size)], ...taken }
      } catch (cause) {
        if (isDiskFull(cause)) return 'full'
        throw cause
      } finally {
        if (!isKept) await rm(path, { force: true })
      }
    },
    free({ parts, size }) {
      room.used -= size
      for (const part of parts) if ('file' in part) free(part.file)
    },
    grant(bytes) {
      room.limit += bytes
    },
  }
}

/** A part of a file of the folder. */
export function filePiece(folder: string, file: string, start: number, length: number): FilePiece {
  return {
    file,
    length,
    subarray: (from, to) => filePiece(folder, file, start + from, to - from),
    async *read() {
      let left = length
      const end = start + length - 1
      for await (const chunk of createReadStream(join(folder, file), {
        start,
        end,
        highWaterMark: 262_144,
      })) {
        left -= chunk.length
        yield chunk
      }
      if (left > 0) throw new Error(`The file ${file} has lost ${left} bytes.`)
    },
  }
}

async function writeFile<T>(
  path: string,
  fill: (write: (chunk: Buffer) => Promise<void>) => Promise<T>,
): Promise<T> {
  const handle = await open(path, 'wx', 0o600)
  try {
    const filled = await fill((chunk) => handle.appendFile(chunk))
    await handle.datasync()
    return filled
  } finally {
    await handle.close()
  }
}

// That a file has a name is a fact of its folder, which Windows writes by itself.
async function syncFolder(folder: string): Promise<void> {
  if (platform() === 'win32') return
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function isDiskFull(cause: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((cause as NodeJS.ErrnoException).code ?? '')
}
