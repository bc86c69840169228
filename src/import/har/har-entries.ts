import type { Position } from '../../model/problem.ts'
import type { SourceText } from '../conversation.ts'
import { placesIn } from '../place.ts'

/** Where the entries of a HAR file start, in their order. The text is well-formed JSON, and is passed over once. */
export function entryPlaces(source: SourceText): readonly Position[] {
  const { text } = source
  const list = /"entries"\s*:\s*\[/.exec(text)
  if (list === null) return []
  const offsets: number[] = []
  let depth = 0
  let isStart = true
  for (let index = list.index + list[0].length; depth >= 0 && index < text.length; index++) {
    const sign = text[index] ?? ''
    if (depth === 0 && sign === ',') isStart = true
    else if (isStart && /[^\s\]]/.test(sign)) {
      offsets.push(index)
      isStart = false
    }
    if (sign === '"') index = endOfText(text, index)
    else if (sign === '{' || sign === '[') depth++
    else if (sign === '}' || sign === ']') depth--
  }
  return placesIn(source, offsets)
}

// The quote that ends a text: the next one that has an even number of backslashes before it.
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (text[before] === '\\') before--
    if ((end - before) % 2 === 1) return end
  }
  return text.length
}
