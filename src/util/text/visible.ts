// C0, DEL, C1, and the characters that turn the direction of text or are not seen.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const unseen = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g

/** Text from elsewhere with its control characters made visible, so that it cannot move the cursor or forge lines. */
export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    const code = character.codePointAt(0) ?? 0
    const short = { 9: '\\t', 10: '\\n', 13: '\\r', 27: '\\e' }[code]
    return short ?? `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/** As `visible`, line breaks kept: the lines of a body. */
export function visibleLines(text: string): readonly string[] {
  return text.split(/\r?\n/).map((line) => visible(line.replaceAll('\t', '  ')))
}
