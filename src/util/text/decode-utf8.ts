import { isUtf8 } from 'node:buffer'

/** Why bytes are no text, and where that begins: 1-based, the column in characters as JavaScript counts them. */
export type EncodingFault = {
  readonly message: string
  readonly hint: string
  readonly line: number
  readonly column: number
}

/** The text of a file in UTF-8, without a byte order mark; or what is wrong with it, without a byte of it. */
export function decodeUtf8(bytes: Uint8Array): { readonly text: string } | { readonly fault: EncodingFault } {
  const wide = wideEncoding(bytes)
  if (wide !== undefined)
    return { fault: { message: `The file is ${wide}, not UTF-8.`, hint: hintFor(wide), line: 1, column: 1 } }
  const nul = bytes.indexOf(0)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
  if (nul < 0 && isUtf8(bytes)) return { text: text.replace(/^\ufeff/, '') }
  const { at, line, column } = firstWrong(bytes)
  const what = bytes[at] === 0 ? `has a NUL in byte ${at + 1}` : `is not UTF-8 in byte ${at + 1}`
  return {
    fault: {
      message: `The file ${what}.`,
      hint: hintFor(bytes[at] === 0 ? 'UTF-16LE' : 'LATIN1'),
      line,
      column,
    },
  }
}

function hintFor(encoding: string): string {
  return `Save it as UTF-8, as \`iconv -f ${encoding} -t UTF-8\` does.`
}

// By their byte order marks: https://www.unicode.org/faq/utf_bom.html
function wideEncoding([first, second, third, fourth]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'UTF-32' : 'UTF-16'
  if (first === 0xfe && second === 0xff) return 'UTF-16'
  return first === 0 && second === 0 && third === 0xfe && fourth === 0xff ? 'UTF-32' : undefined
}

function firstWrong(bytes: Uint8Array): {
  readonly at: number
  readonly line: number
  readonly column: number
} {
  let [line, start] = [1, 0]
  for (;;) {
    const found = bytes.indexOf(0x0a, start)
    const end = found < 0 ? bytes.length : found
    const wrong = wrongIn(bytes.subarray(start, end))
    if (wrong !== undefined) return { at: start + wrong.at, line, column: wrong.column }
    if (found < 0) return { at: start, line, column: 1 }
    start = end + 1
    line++
  }
}

// A line break is part of no other character, so that each line stands for itself.
function wrongIn(line: Uint8Array): { readonly at: number; readonly column: number } | undefined {
  if (isUtf8(line) && !line.includes(0)) return undefined
  let [at, column] = [0, 1]
  while (at < line.length) {
    const lead = line[at] ?? 0
    const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
    if (lead === 0 || !isUtf8(line.subarray(at, at + length))) return { at, column }
    at += length
    column += length === 4 ? 2 : 1
  }
  return undefined
}
