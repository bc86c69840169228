/** A part of a shell's pattern: a character, `?` or `*`. */
export type PatternPart = { readonly character: string } | 'one' | 'any'

/** Whether a whole text matches. It takes time of the order of both lengths multiplied. */
export function matches(text: readonly string[], pattern: readonly PatternPart[]): boolean {
  let [at, part] = [0, 0]
  let retry: { readonly part: number; at: number } | undefined
  while (at < text.length) {
    const wanted = pattern[part]
    if (wanted === 'any') retry = { part: ++part, at }
    else if (wanted === 'one' || (wanted !== undefined && wanted.character === text[at])) {
      at++
      part++
    } else if (retry !== undefined) {
      at = ++retry.at
      part = retry.part
    } else return false
  }
  return pattern.slice(part).every((rest) => rest === 'any')
}

/** How `${NAME#pattern}` and its likes cut: from which end, and as much or as little as matches. */
export type Cut = '#' | '##' | '%' | '%%'

/** A text without the part at one of its ends that matches. */
export function without(text: string, cut: Cut, pattern: readonly PatternPart[]): string {
  const characters = [...text]
  const fromStart = cut.startsWith('#')
  const lengths = [...characters.keys(), characters.length]
  if (cut.length === 2) lengths.reverse()
  for (const length of lengths) {
    const split = fromStart ? length : characters.length - length
    const [start, end] = [characters.slice(0, split), characters.slice(split)]
    if (matches(fromStart ? start : end, pattern)) return (fromStart ? end : start).join('')
  }
  return text
}
