import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { FormPart } from '../../model/exchange.ts'
import { statFile } from '../file-hash.ts'

/** A multipart body that is ready to go out: its Content-Type, its length in bytes, and its bytes as they are read. */
type EncodedForm = { readonly type: string; readonly size: number; readonly chunks: AsyncIterable<Buffer> }

/**
 * Encodes a form as curl does, byte for byte up to the boundary. Files are read while they are sent.
 * https://www.rfc-editor.org/rfc/rfc7578
 */
export async function encodeMultipart(parts: readonly FormPart[]): Promise<EncodedForm> {
  const boundary = `${'-'.repeat(24)}${randomBytes(8).toString('hex')}`
  const sized = await Promise.all(
    parts.map(async (part) => ({
      head: Buffer.from(`--${boundary}\r\n${headOf(part)}\r\n`),
      content: 'text' in part ? Buffer.from(part.text) : { path: part.file, ...(await statFile(part.file)) },
    })),
  )
  const end = Buffer.from(`--${boundary}--\r\n`)
  const size = sized.reduce(
    (sum, { head, content }) => sum + head.length + ('size' in content ? content.size : content.length) + 2,
    end.length,
  )
  async function* read(): AsyncGenerator<Buffer> {
    for (const { head, content } of sized) {
      yield head
      if (Buffer.isBuffer(content)) yield content
      else if ('path' in content && content.size > 0)
        yield* createReadStream(content.path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>
      yield lineEnd
    }
    yield end
  }
  return { type: `multipart/form-data; boundary=${boundary}`, size, chunks: read() }
}

const lineEnd = Buffer.from('\r\n')

function headOf(part: FormPart): string {
  const isFile = 'file' in part
  const filename = isFile ? (part.filename ?? basename(part.file)) : undefined
  const type = part.type ?? (filename === undefined ? undefined : typeOf(filename))
  return [
    `Content-Disposition: form-data; name="${escaped(part.name)}"`,
    ...(filename === undefined ? [] : [`; filename="${escaped(filename)}"`]),
    '\r\n',
    ...(type === undefined ? [] : [`Content-Type: ${type}\r\n`]),
  ].join('')
}

/** https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
function escaped(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

// curl's own table: https://github.com/curl/curl/blob/master/lib/mime.c
function typeOf(filename: string): string {
  const [, ending = ''] = /\.([a-z]+)$/i.exec(filename) ?? []
  return types.get(ending.toLowerCase()) ?? 'application/octet-stream'
}

const types: ReadonlyMap<string, string> = new Map([
  ['gif', 'image/gif'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['svg', 'image/svg+xml'],
  ['txt', 'text/plain'],
  ['htm', 'text/html'],
  ['html', 'text/html'],
  ['pdf', 'application/pdf'],
  ['xml', 'application/xml'],
])
