import { randomBytes } from 'node:crypto'
import type { Answer } from './answer.ts'
import { swiftPage } from './swift-errors.ts'

type Range = { readonly first: number; readonly last: number }

/** The ranges that a header asks of a body; undefined when it is to be ignored. https://www.rfc-editor.org/rfc/rfc9110#section-14.2 */
export function rangesOf(header: string | undefined, size: number): readonly Range[] | undefined {
  const specs = /^bytes=(.+)$/.exec(header ?? '')?.[1]?.split(',')
  if (specs === undefined || specs.length > 50) return undefined
  const ranges: Range[] = []
  for (const spec of specs) {
    const [, from = '', to = ''] = /^\s*(\d*)-(\d*)\s*$/.exec(spec) ?? ['', 'x']
    if (from === 'x' || (from === '' && to === '') || (from !== '' && to !== '' && Number(from) > Number(to)))
      return undefined
    const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
    const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
    if (first <= last && first < size) ranges.push({ first, last })
  }
  return ranges
}

/** The parts of a body: 206, several as multipart, 416 when none of them is there. */
export function withRanges(
  body: Buffer,
  ranges: readonly Range[],
  contentType: string,
  described: Answer['headers'],
): Answer {
  const accepts = ['Accept-Ranges', 'bytes'] as const
  const [only, second] = ranges
  if (only === undefined) {
    const page = swiftPage(416)
    return {
      ...page,
      headers: [
        ['Content-Type', contentType],
        ...described,
        ['Content-Range', `bytes */${body.length}`],
        accepts,
      ],
    }
  }
  const place = ({ first, last }: Range): string => `bytes ${first}-${last}/${body.length}`
  if (second === undefined)
    return {
      status: 206,
      headers: [['Content-Type', contentType], ...described, ['Content-Range', place(only)], accepts],
      body: body.subarray(only.first, only.last + 1),
    }
  const boundary = randomBytes(16).toString('hex')
  const parts = ranges.flatMap((range) => [
    Buffer.from(`--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Range: ${place(range)}\r\n\r\n`),
    body.subarray(range.first, range.last + 1),
    Buffer.from('\r\n'),
  ])
  return {
    status: 206,
    headers: [['Content-Type', `multipart/byteranges;boundary=${boundary}`], ...described, accepts],
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--`)]),
  }
}
