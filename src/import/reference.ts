/**
 * A shell variable without a known value, within a recorded text. Unicode keeps U+FDD0 to U+FDEF for a
 * program's own use, so URLs, headers and JSON with references in them can be cut and parsed as they are.
 * https://www.unicode.org/faq/private_use.html#noncharacters
 */
export function reference(name: string): string {
  return `${open}${name}${close}`
}

/** The name, when the whole text is one reference. */
export function wholeReference(text: string): string | undefined {
  return whole.exec(text)?.[1]
}

/** The names of all references in a text. */
export function referencesOf(text: string): readonly string[] {
  return [...text.matchAll(any)].map(([, name]) => name ?? '')
}

/** Writes a text anew: what is plain by the one function, the references by the other. */
export function rewrite(
  text: string,
  plain: (text: string) => string,
  named: (name: string) => string,
): string {
  return text
    .split(any)
    .map((part, index) => (index % 2 === 0 ? plain(part) : named(part)))
    .join('')
}

/** The place of a character that only references may have; -1 in any real source. */
export function strayMark(text: string): number {
  return text.search(/[\ufdd0\ufdd1]/)
}

const open = '\ufdd0'
const close = '\ufdd1'
const any = /\ufdd0([^\ufdd0\ufdd1]*)\ufdd1/g
const whole = /^\ufdd0([^\ufdd0\ufdd1]*)\ufdd1$/
