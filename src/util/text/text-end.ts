/**
 * A text without the characters of a set at its end. What a regular expression such as `/x+$/` says, in one pass: that one
 * looks from each `x` of the text anew.
 */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--
  return text.slice(0, end)
}

/** A URL or a path without slashes at its end. */
export function withoutEndSlashes(url: string): string {
  return withoutEnd(url, '/')
}

/** A text without the word at its end, of which at most `most` characters are left out. */
export function withoutLastWord(text: string, most: number): string {
  const least = Math.max(0, text.length - most)
  let end = text.length
  while (end > least && /\S/.test(text.charAt(end - 1))) end--
  return text.slice(0, end)
}

/** A text of several lines as one line: who shows it wraps it anew. */
export function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ')
}
