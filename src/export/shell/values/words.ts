import { escapeInDoubleQuotes, printed, quoteShell } from '../../../util/text/shell-quote.ts'
import { unseenInLines } from '../../../util/text/visible.ts'

/** A part of a shell word: text as it is, or code that stands within double quotes, such as `$name`. */
export type WordPart = string | { readonly code: string }

/**
 * A word that a POSIX shell reads back as these parts, written so that shellcheck has nothing to say: a text that looks
 * like an expansion is not left in single quotes, and control characters are made by printf.
 */
export function shellWord(parts: readonly WordPart[]): string {
  if (parts.every((part) => typeof part === 'string') && !needsDoubleQuotes(parts.join('')))
    return quoteText(parts.join(''))
  const split = parts.flatMap((part) => (typeof part === 'string' ? controlled(part, unquotable) : [part]))
  return `"${split.map((part, index) => (typeof part === 'string' ? escapeInDoubleQuotes(part) : glued(part.code, split[index + 1]))).join('')}"`
}

/** As `shellWord`, of a text alone. */
export function quoteText(text: string): string {
  if (text === '') return "''"
  return needsDoubleQuotes(text) ? shellWord([text]) : quoteShell(text)
}

/** A comment of one or more lines. */
export function comment(text: string): string {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => `# ${line.replaceAll(controls, ' ')}`.trimEnd())
    .join('\n')
    .replace(/^# shellcheck/gm, '# (shellcheck)')
}

// These would be lost, or look like something else, in a script.
const controls = new RegExp(`${unseenInLines.source}|\u00a0`, 'gu')

// Curly double quotes in double quotes are taken for a mistake, as curly single ones are in single quotes.
const unquotable = new RegExp(`${controls.source}|[\u201c-\u201f]`, 'gu')

function needsDoubleQuotes(text: string): boolean {
  return text.search(controls) >= 0 || /\$[{(0-9a-zA-Z_]|`|[\u2018-\u201b]|\\$|\\'/.test(text)
}

function controlled(text: string, pattern: RegExp): readonly WordPart[] {
  const parts: WordPart[] = []
  let from = 0
  for (const { index, 0: character } of text.matchAll(pattern)) {
    if (index > from) parts.push(text.slice(from, index))
    parts.push({ code: printed(character) })
    from = index + character.length
  }
  return from === 0 ? [text] : [...parts, ...(from < text.length ? [text.slice(from)] : [])]
}

function glued(code: string, next: WordPart | undefined): string {
  const name = /^\$([A-Za-z_]\w*)$/.exec(code)?.[1]
  return name !== undefined && typeof next === 'string' && /^\w/.test(next) ? `\${${name}}` : code
}

/** A jq program as an argument of jq itself, where shellcheck expects single quotes. */
export function quoteProgram(program: string): string {
  return quoteShell(program)
}
