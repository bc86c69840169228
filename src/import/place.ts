import type { Position } from '../model/problem.ts'
import { OsrunError } from '../model/problem.ts'
import type { SourceText } from './conversation.ts'

/** The place of an offset in a source; secrets of the line are starred, so that it can be shown. */
export function placeIn(source: SourceText, offset: number, length = 1): Position {
  const at = Math.min(Math.max(0, offset), source.text.length)
  const [place = { file: source.file, line: 1, column: 1 }] = placesIn(source, [at], length)
  return place
}

/** The places of offsets that ascend; a text of tens of megabytes is passed over once, and not cut up. */
export function placesIn(source: SourceText, offsets: readonly number[], length = 1): readonly Position[] {
  const { text } = source
  const line = { number: 1, start: 0, end: lineEnd(text, 0) }
  return offsets.map((offset) => {
    while (line.end < offset) {
      line.number++
      line.start = line.end + 1
      line.end = lineEnd(text, line.start)
    }
    return placeOn(line, source, offset, length)
  })
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

function placeOn(
  { number, start, end: stop }: { readonly number: number; readonly start: number; readonly end: number },
  { file, text }: SourceText,
  at: number,
  length: number,
): Position {
  const place = { file, line: number, column: at - start + 1 }
  // A longer line is a whole file in one; its picture would help nobody.
  if (stop - start > longestShown) return place
  const source = starred(text.slice(start, stop).replace(/\r$/, ''))
  return { ...place, length: Math.max(1, Math.min(length, source.length - place.column + 1)), source }
}

/** An error about a place in what is imported. */
export function importError(at: Position, message: string, hint?: string): OsrunError {
  return new OsrunError('IMPORT_INVALID', message, { at, hint })
}

const longestShown = 400

/**
 * A line of a source with stars for whatever may be secret in it, as long as it was. It is read without
 * knowing its quotes, which may be what is broken, so rather too much is starred.
 */
export function starred(line: string): string {
  return secretPlaces.reduce(
    (text, pattern) =>
      text.replace(
        pattern,
        (whole, before: string) => before + '*'.repeat(Math.max(0, whole.length - before.length)),
      ),
    line,
  )
}

const secretPlaces: readonly RegExp[] = [
  /((?:x-[\w-]*(?:token|key|secret|signature)[\w-]*|authorization|cookie|openstack-auth-receipt)["'\\]*\s*[:;=]\s*).*$/gi,
  /([\w-]*(?:pass|secret|token|private_?key|api_?key|credential)[\w-]*["'\\]*\s*[:=]\s*).*$/gi,
  /((?:^|\s)(?:-[a-zA-Z]*[ubU]|--(?:user|cookie|oauth2-bearer|proxy-user|pass|proxy|preproxy))\b[= ]?).*$/g,
  /((?:^|\s)(?:-[a-zA-Z]*H|--header)[\s=]*["']?[^:"']*:\s*).*$/g,
  /((?:^|\s)(?:-[a-zA-Z]*F|--form(?:-string)?)[\s=]*["']?[^="']*=).*$/g,
  /(\$\{\w+[^\w}]+).*$/g,
  /(:\/\/)[^/@\s]*@.*$/g,
  /((?:sig|signature|key)=).*$/gi,
  // A long run of letters and digits is a token more often than a word.
  /()[A-Za-z0-9_-]{40,}/g,
]
