import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { BodyFacts, HeaderList, HttpRequest } from '../../model/exchange.ts'
import { createHashes } from '../body-sink.ts'
import { statFile } from '../file-hash.ts'
import { encodeMultipart } from './multipart.ts'

/** A body as undici takes it, with the headers that it needs. */
export type Outgoing = {
  readonly body?: Buffer | Readable
  readonly stream?: Readable
  readonly headers: HeaderList
  /** Undefined unless the whole file was read: a server may answer before it has it. */
  readonly facts?: () => BodyFacts | undefined
  /** The bytes of a multipart body. */
  readonly sentSize?: number
}

const pieceSize = 256 * 1024

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize)
}

/** Opens the body of a request for undici; `FILE_UNREADABLE` when there is no such file. */
export async function outgoingBody({ body, method }: HttpRequest): Promise<Outgoing> {
  if (body === undefined)
    return { headers: /^(PUT|POST|PATCH)$/.test(method) ? [['Content-Length', '0']] : [] }
  if (body.kind === 'text') {
    const bytes = Buffer.from(body.text)
    const headers: HeaderList = [['Content-Length', String(bytes.length)]]
    if (bytes.length <= pieceSize) return { body: bytes, headers }
    // undici tells how far it is by pieces.
    const stream = Readable.from(piecesOf(bytes), { objectMode: false })
    return { body: stream, stream, headers }
  }
  if (body.kind === 'multipart') {
    const { type, size, chunks } = await encodeMultipart(body.parts)
    const stream = Readable.from(chunks)
    return {
      body: stream,
      stream,
      headers: [
        ['Content-Type', type],
        ['Content-Length', String(size)],
      ],
      sentSize: size,
    }
  }
  const { path } = body
  const { size } = await statFile(path)
  const hashes = createHashes()
  const stream = createReadStream(path, { highWaterMark: pieceSize })
  let read = 0
  stream.on('data', (chunk) => {
    read += chunk.length
    if (read <= size) hashes.update(chunk as Buffer)
  })
  stream.pause()
  const facts = (): BodyFacts | undefined => (read === size ? hashes.facts() : undefined)
  return { body: stream, stream, headers: [['Content-Length', String(size)]], facts }
}
