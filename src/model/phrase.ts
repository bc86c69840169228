import type { Span } from './exchange.ts'

/** A text in osrun's own words with words of others in it. The spans are osrun's own: whatever is secret, they stay. */
export type Phrase = { readonly text: string; readonly own: readonly Span[] }

/**
 * Makes a phrase: the words of the template are osrun's own, and so is what is own in other phrases.
 *
 * @example
 * phrase`Keystone refused with ${401}: ${whatKeystoneSaid}`
 */
export function phrase(
  words: TemplateStringsArray,
  ...others: readonly (string | number | Phrase)[]
): Phrase {
  let text = ''
  const own: Span[] = []
  const add = (part: Phrase): void => {
    for (const { start, end } of part.own) own.push({ start: text.length + start, end: text.length + end })
    text += part.text
  }
  for (const [index, word] of words.entries()) {
    add(ownPhrase(word))
    const other = others[index] ?? ''
    add(typeof other === 'object' ? other : { text: String(other), own: [] })
  }
  return { text, own }
}

/** A text that is osrun's own as a whole, or that anybody may see. */
export function ownPhrase(text: string): Phrase {
  return { text, own: [{ start: 0, end: text.length }] }
}

/** The phrase with what is not osrun's own changed. */
export function mapOthers({ text, own }: Phrase, change: (text: string) => string): string {
  let from = 0
  let changed = ''
  for (const { start, end } of own) {
    changed += change(text.slice(from, start)) + text.slice(start, end)
    from = end
  }
  return changed + change(text.slice(from))
}

/** What clouds say word for word to whomever: whichever word of it is a password, the sentence shows nothing. */
export const cloudSentences: readonly string[] = [
  'The request you have made requires authentication.',
  'The request you have made requires authentication. (Disable insecure_debug mode to suppress these details.)',
  'You are not authorized to perform the requested action.',
  'The resource could not be found.',
  'Authentication required',
]
