import type { HeaderList } from '../../model/exchange.ts'
import { withoutEnd } from '../../util/text/text-end.ts'
import { HeadOverflow, longestHead } from '../head-limits.ts'
import { fromHeaderBytes } from '../header-text.ts'

/** Keeps what curl dumps of heads and trailers; it throws HeadOverflow for too much of them. */
export function createHeadSink(): {
  write(chunk: Buffer): void
  /** Whether the head of the answer is there as a whole. */
  isAnswered(): boolean
  end(): ReturnType<typeof parseHead>
} {
  const kept: Buffer[] = []
  let size = 0
  return {
    write(chunk) {
      size += chunk.length
      if (size > longestHead) throw new HeadOverflow()
      kept.push(chunk)
    },
    isAnswered() {
      const text = Buffer.concat(kept).toString('latin1')
      const start = text.search(/^HTTP\/[\d.]+ +[2-9]\d\d/im)
      return start >= 0 && /\n\r?\n/.test(text.slice(start))
    },
    end: () => parseHead(Buffer.concat(kept)),
  }
}

/**
 * Status, its words and the header lines of the answer among the heads that curl dumped: the first that is no 1xx. What follows it
 * are the trailers of a chunked body, of which the size is told. Undefined when there is none.
 */
function parseHead(heads: Buffer):
  | {
      readonly head: { readonly status: number; readonly reason: string; readonly headers: HeaderList }
      readonly trailers: number
    }
  | undefined {
  const lines = heads.toString('latin1').split(/\r?\n/)
  for (let at = 0; at < lines.length; at++) {
    const [, code, reason = ''] = /^HTTP\/[\d.]+ +(\d{3}) *(.*)$/is.exec(lines[at] ?? '') ?? []
    const status = Number(code)
    if (!(status >= 200)) continue
    const end = lines.indexOf('', at)
    const headers = toHeaders(lines.slice(at + 1, end === -1 ? undefined : end))
    const after = end === -1 ? [] : lines.slice(end + 1)
    const trailers = after.reduce((size, line) => size + line.length, 0)
    return { head: { status, reason, headers }, trailers }
  }
  return undefined
}

function toHeaders(lines: readonly string[]): HeaderList {
  const headers: [string, string][] = []
  for (const line of lines) {
    const before = headers.at(-1)
    const colon = line.indexOf(':')
    // A line that starts with a blank goes on with the one before it.
    if (/^[ \t]/.test(line) && before !== undefined) before[1] = `${before[1]} ${withoutBlanks(line)}`
    else if (colon > 0) headers.push([line.slice(0, colon), withoutBlanks(line.slice(colon + 1))])
  }
  return headers.map(([name, value]) => [name, fromHeaderBytes(value)])
}

function withoutBlanks(text: string): string {
  return withoutEnd(text.replace(/^[ \t]+/, ''), ' \t')
}
