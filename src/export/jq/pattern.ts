import type { Position } from '../../model/problem.ts'
import { cannotExport } from '../cannot-export.ts'

/**
 * Says a regular expression of JavaScript, in its `u` mode, in the syntax of jq's Oniguruma: anchors mean the text's
 * ends, and the classes are ASCII. Throws for what has no counterpart.
 * https://github.com/kkos/oniguruma/blob/master/doc/RE
 */
export function toJqPattern(pattern: string, at: Position): string {
  let result = ''
  let inClass = false
  for (let index = 0; index < pattern.length; ) {
    const rest = pattern.slice(index)
    const [sequence] =
      /^\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|[pP]\{[^}]*\}|k<[^>]*>|.)/su.exec(
        rest,
      ) ?? ['']
    if (sequence !== '') {
      result += escaped(sequence, inClass, at)
      index += sequence.length
      continue
    }
    const character = rest[0] ?? ''
    if (inClass) {
      if (character === ']') inClass = false
      result += character === '[' ? '\\[' : character === '&' ? '\\&' : character
    } else if (character === '[') {
      if (/^\[\^?\]/.test(rest)) throw cannotExport('An empty class in a pattern', at)
      inClass = true
      result += rest.startsWith('[^') ? '[^' : '['
      if (rest.startsWith('[^')) index++
    } else result += anchors.get(character) ?? character
    index++
  }
  return result
}

const anchors = new Map([
  ['^', '\\A'],
  ['$', '\\z'],
  ['.', '[^\\n\\r\\x{2028}\\x{2029}]'],
])
const ascii = new Map([
  ['\\d', '0-9'],
  ['\\w', 'A-Za-z0-9_'],
])

function escaped(sequence: string, inClass: boolean, at: Position): string {
  const set = ascii.get(sequence.toLowerCase())
  if (set !== undefined) {
    const negated = sequence !== sequence.toLowerCase()
    if (inClass && negated) throw cannotExport(`${sequence} within a class of a pattern`, at)
    return inClass ? set : `[${negated ? '^' : ''}${set}]`
  }
  if (/^\\u/.test(sequence)) {
    const code = sequence.replace(/^\\u\{?|\}$/g, '')
    if (/^[dD][89a-fA-F]..$/.test(code)) throw cannotExport('Half of a surrogate pair in a pattern', at)
    return `\\x{${code}}`
  }
  if (/^\\(c|[pP]|B|b)/.test(sequence))
    throw cannotExport(`${sequence} in a pattern, which jq reads otherwise,`, at)
  return sequence === '\\/' ? '/' : sequence === '\\0' ? '\\x00' : sequence
}
