import type { InputStream } from '../io.ts'

/** All that standard input gives; throws what `tooLong` makes when it is more than `most` bytes. */
export async function readInput(stdin: InputStream, most: number, tooLong: () => Error): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stdin) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer)
    chunks.push(bytes)
    size += bytes.length
    if (size > most) throw tooLong()
  }
  return Buffer.concat(chunks)
}
