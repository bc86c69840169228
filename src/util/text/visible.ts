// What is not seen, and what moves the cursor or turns the direction of text: C0, DEL, C1, and all that Unicode lets a terminal
// leave out, such as bidirectional controls, blanks of no width, tags and selectors of variants.
const unseen = /[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/gu

/** Text from elsewhere with its control characters made visible, so that it cannot move the cursor or forge lines. */
export function visible(text: string): string {
  return text.replace(unseen, written)
}

/** As `visible`, line breaks kept: the lines of a body. */
export function visibleLines(text: string): readonly string[] {
  return text.split(/\r?\n/).map((line) => visible(line.replaceAll('\t', '  ')))
}

/** Whether a text has characters that are not seen, line breaks and tabs aside. */
export function hasUnseen(text: string): boolean {
  return text.search(unseenInLines) >= 0
}

/**
 * As `visible`, line breaks and tabs kept, and colours where `color` says so. In JSON a character that becomes `\u009b` is
 * the same one to its reader.
 */
export function visibleText(text: string, { color }: { readonly color: boolean }): string {
  if (!hasUnseen(text)) return text
  return text.replace(unseenInLines, (character, at: number) =>
    color && character === '\u001b' && isColor(text, at) ? character : written(character),
  )
}

/** Each character that is not seen, line breaks and tabs aside. */
export const unseenInLines = /(?![\n\t])[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/gu

// As JSON writes it, in two where there are two units.
function written(character: string): string {
  const short = { 9: '\\t', 10: '\\n', 13: '\\r', 27: '\\e' }[character.charCodeAt(0)]
  return short ?? [...Array(character.length).keys()].map((at) => unit(character.charCodeAt(at))).join('')
}

function unit(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`
}

function isColor(text: string, at: number): boolean {
  return /^\[[\d;]*m/.test(text.slice(at + 1, at + 20))
}
