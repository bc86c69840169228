import type { Position } from '../model/problem.ts'
import { OsrunError } from '../model/problem.ts'
import type { SourceText } from './conversation.ts'

/** The place of an offset in a source; secrets of the line are starred, so that it can be shown. */
export function placeIn({ file, text }: SourceText, offset: number, length = 1): Position {
  const at = Math.min(Math.max(0, offset), text.length)
  const start = text.lastIndexOf('\n', at - 1) + 1
  const end = text.indexOf('\n', at)
  const stop = end < 0 ? text.length : end
  // Lines are counted without cutting the text up: a HAR file has tens of megabytes.
  let line = 1
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++
  const place = { file, line, column: at - start + 1 }
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
