import type { HeaderList } from '../model/exchange.ts'
import { withoutEnd } from '../util/text-end.ts'
import { fromHeaderBytes } from './header-text.ts'

/**
 * Status, its words and the header lines of the answer among the heads that curl dumped: the first that is no 1xx. What follows it
 * are the trailers of a chunked body. Undefined when there is none.
 */
export function parseHead(
  heads: Buffer,
): { readonly status: number; readonly reason: string; readonly headers: HeaderList } | undefined {
  const lines = heads.toString('latin1').split(/\r?\n/)
  for (let at = 0; at < lines.length; at++) {
    const [, code, reason = ''] = /^HTTP\/[\d.]+ +(\d{3}) *(.*)$/s.exec(lines[at] ?? '') ?? []
    const status = Number(code)
    if (!(status >= 200)) continue
    const end = lines.indexOf('', at)
    return { status, reason, headers: toHeaders(lines.slice(at + 1, end === -1 ? undefined : end)) }
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
