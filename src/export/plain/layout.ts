import { jsonText } from '../../util/parse-json.ts'
import { jqText } from '../jq/expectation.ts'

/** How wide a line may be: what a board, a slide or a page of a book has room for. */
export const lineWidth = 80

/** A command of these words in as few lines as have room for them; a word alone that has not is left whole. */
export function foldCommand(words: readonly string[], end = ''): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const [index, word] of words.entries()) {
    const last = index === words.length - 1
    const room = lineWidth - (last ? end.length : 2)
    if (line === '') line = lines.length === 0 ? word : `  ${word}`
    else if (line.length + 1 + firstLine(word).length <= room) line += ` ${word}`
    else {
      lines.push(line.endsWith('|') ? line : `${line} \\`)
      line = `  ${word}`
    }
  }
  return [...lines, `${line}${end}`].flatMap((one) => one.split('\n'))
}

/** A comment in lines that have room for it; paragraphs stay. */
export function foldComment(text: string): readonly string[] {
  const lines: string[] = []
  for (const paragraph of text.trim().split(/\n\s*\n/)) {
    if (lines.length > 0) lines.push('#')
    let line = '#'
    for (const word of paragraph.replace(controls, ' ').split(/\s+/)) {
      if (line !== '#' && line.length + 1 + word.length > lineWidth) {
        lines.push(line)
        line = '#'
      }
      line += ` ${word}`
    }
    lines.push(line)
  }
  return lines.map((line) => line.replace(/^# shellcheck/, '# (shellcheck)'))
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they would look like something else in a script
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/gu

/**
 * JSON as jq takes it, its keys bare where they may be, in lines that have room for it; `leaf` writes each text. What holds
 * one thing alone takes no lines of its own.
 */
export function layoutJson(
  value: unknown,
  leaf: (text: string) => string,
  place: { readonly indent: number; readonly column: number } = { indent: 0, column: 0 },
): string {
  const { indent, column } = place
  const flat = flatJson(value, leaf)
  const entries = entriesOf(value)
  if (typeof value !== 'object' || entries.length === 0 || column + flat.length <= lineWidth - closing)
    return flat
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const [only] = entries
  if (entries.length === 1 && only !== undefined) {
    const start = `${open}${only.key}`
    return `${start}${layoutJson(only.item, leaf, { indent, column: column + start.length })}${close}`
  }
  let text = open
  let at = column + 1
  for (const [index, { key, item }] of entries.entries()) {
    const written = `${key}${flatJson(item, leaf)}`
    const end = index < entries.length - 1 ? ',' : ''
    const blank = index === 0 ? '' : ' '
    if (at + written.length + blank.length <= lineWidth - (end === '' ? closing : 1)) {
      text += `${blank}${written}${end}`
      at += written.length + blank.length + 1
    } else {
      const inner = { indent: indent + 2, column: indent + 2 + key.length }
      const laid = layoutJson(item, leaf, inner)
      text += `\n${' '.repeat(inner.indent)}${key}${laid}${end}`
      const last = laid.slice(laid.lastIndexOf('\n') + 1)
      // After what took several lines the next thing begins one.
      at = laid === last ? inner.column + laid.length + 1 : lineWidth
    }
  }
  return `${text}${close}`
}

/** Room for the brackets and the quote that close all that is open. */
const closing = 8

type Entry = { readonly key: string; readonly item: unknown }

function entriesOf(value: unknown): readonly Entry[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.map((item) => ({ key: '', item }))
  return Object.entries(value).map(([key, item]) => ({ key: `${keyOf(key)}: `, item }))
}

function flatJson(value: unknown, leaf: (text: string) => string): string {
  if (typeof value === 'string') return leaf(value)
  if (typeof value !== 'object' || value === null) return jsonText(value)
  const items = entriesOf(value).map(({ key, item }) => `${key}${flatJson(item, leaf)}`)
  return Array.isArray(value) ? `[${items.join(', ')}]` : `{${items.join(', ')}}`
}

// Words of jq's own need quotes before jq 1.7.
function keyOf(key: string): string {
  return /^[a-z_]\w*$/i.test(key) && !words.has(key) ? key : jqText(key)
}

const words: ReadonlySet<string> = new Set(
  '__loc__ and as catch def elif else end foreach if import include label module or reduce then try'.split(
    ' ',
  ),
)

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
