import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { createGunzip } from 'node:zlib'

/** What Swift says is wrong with an archive. */
export class ArchiveProblem extends Error {
  override readonly name = 'ArchiveProblem'
}

/** A file in an archive; its bytes are to be read, or passed over, before the next one comes. */
export type ArchivedFile = {
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** What extended headers say of it, by their names. */
  readonly pax: Readonly<Record<string, string>>
  readonly bytes: AsyncIterable<Buffer>
}

const blockSize = 512

/**
 * The files in a tar archive, in their order; all else that is in it is passed over.
 *
 * @throws ArchiveProblem when it is none, or breaks off in a file
 */
export async function* filesOf(body: AsyncIterable<Buffer>, isZipped: boolean): AsyncGenerator<ArchivedFile> {
  const { createTarDecoder } = await import('modern-tar')
  let trouble: unknown
  const whole = checked(isZipped ? unzipped(body) : body, (cause) => {
    trouble = cause
  })
  const entries = ReadableStream.from(whole).pipeThrough(createTarDecoder({ strict: true }))
  let hasBegun = false
  try {
    for await (const { header, body: content } of entries) {
      hasBegun = true
      const { name, size, type = 'file', pax = {} } = header
      if (type === 'file' && !name.endsWith('/')) yield { name, size, pax, bytes: exactly(size, content) }
      // To cancel it would leave the archive without an end where that is cut off.
      if (!content.locked) for await (const _ of content);
    }
  } catch (cause) {
    if (trouble !== undefined) throw trouble
    if (!hasBegun) throw new ArchiveProblem('invalid header', { cause })
    if (cause instanceof ArchiveProblem) throw cause
    // Python's tarfile, by which Swift reads, takes a damaged header for the end of the archive.
  }
}

// The first block tells whether it is an archive at all. What goes wrong with the bytes themselves is told apart.
async function* checked(
  bytes: AsyncIterable<Buffer>,
  onTrouble: (cause: unknown) => void,
): AsyncGenerator<Buffer> {
  let first: Buffer = Buffer.alloc(0)
  let isChecked = false
  try {
    for await (const chunk of bytes) {
      if (isChecked) yield chunk
      else {
        first = Buffer.concat([first, chunk])
        if (first.length < blockSize) continue
        if (!isHeader(first.subarray(0, blockSize))) throw new ArchiveProblem('invalid header')
        isChecked = true
        yield first
      }
    }
    if (!isChecked) throw new ArchiveProblem(first.length === 0 ? 'empty file' : 'truncated header')
  } catch (cause) {
    onTrouble(cause)
    throw cause
  }
}

// Its checksum is that of all its bytes, with blanks where it stands itself; only the block at the end has none.
// https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
function isHeader(block: Buffer): boolean {
  if (block.every((byte) => byte === 0)) return true
  const written = Number.parseInt(block.toString('latin1', 148, 156).replaceAll('\0', ' ').trim(), 8)
  const summed = Buffer.concat([block.subarray(0, 148), Buffer.alloc(8, ' '), block.subarray(156)])
  return summed.reduce((sum, byte) => sum + byte, 0) === written
}

async function* unzipped(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* Readable.from(body).pipe(createGunzip()) as AsyncIterable<Buffer>
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'Z_BUF_ERROR') return
    throw code?.startsWith('Z_') ? new ArchiveProblem('not a gzip file') : cause
  }
}

async function* exactly(size: number, content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let left = size
  try {
    for await (const chunk of content) {
      left -= chunk.length
      yield Buffer.from(chunk)
    }
  } catch (cause) {
    throw new ArchiveProblem('unexpected end of data', { cause })
  }
  if (left > 0) throw new ArchiveProblem('unexpected end of data')
}
