import type { Paint } from '../../../report/text/paint.ts'
import { wrap } from '../../../report/text/wrap.ts'
import { visible, visibleLines } from '../../../util/text/visible.ts'

/** How a text is laid out. */
export type NoteStyle = { readonly paint: Paint; readonly width: number; readonly indent?: string }

/**
 * The Markdown of a recipe for a terminal: paragraphs and lists wrapped, code blocks as they are; bold, code and links
 * are marked. What is no Markdown that notes need stays as it is written.
 */
export function noteText(markdown: string, { paint, width, indent = '  ' }: NoteStyle): string {
  const blocks = blocksOf(markdown)
  return blocks
    .map((block, index) => {
      const next = blocks[index + 1]
      // Between two items of a list there is no empty line.
      const space = next !== undefined && !(block.kind === 'item' && next.kind === 'item') ? '\n' : ''
      return `${blockText(block, paint, width, indent)}\n${space}`
    })
    .join('')
}

function blockText(block: Block, paint: Paint, width: number, indent: string): string {
  if (block.kind === 'code') return block.lines.map((line) => `${indent}  ${paint.blue(line)}`).join('\n')
  if (block.kind === 'item') return itemText(block, paint, width, indent)
  return wrapped(inline(block.text, paint), width, indent)
}

type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'item'; readonly mark: string; readonly text: string }
  | { readonly kind: 'code'; readonly lines: readonly string[] }

function itemText(
  { mark, text }: Extract<Block, { readonly kind: 'item' }>,
  paint: Paint,
  width: number,
  indent: string,
): string {
  const hanging = `${indent}${' '.repeat(mark.length + 1)}`
  const body = wrapped(inline(text, paint), width, hanging)
  return `${indent}${mark} ${body.slice(hanging.length)}`
}

function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = []
  let open: { kind: 'paragraph' | 'item'; mark: string; text: string } | undefined
  let code: string[] | undefined
  const close = (): void => {
    if (open?.kind === 'item') blocks.push({ kind: 'item', mark: open.mark, text: open.text })
    else if (open !== undefined) blocks.push({ kind: 'paragraph', text: open.text })
    open = undefined
  }
  for (const line of visibleLines(markdown.trim())) {
    const [, mark, rest] = /^\s*([-*]|\d{1,2}\.)\s+(.*)$/s.exec(line) ?? []
    if (/^\s*```/.test(line)) {
      close()
      if (code !== undefined) blocks.push({ kind: 'code', lines: code })
      code = code === undefined ? [] : undefined
    } else if (code !== undefined) code.push(line)
    else if (line.trim() === '') close()
    else if (mark !== undefined && rest !== undefined) {
      close()
      open = { kind: 'item', mark: mark === '*' ? '-' : mark, text: rest }
    } else if (open !== undefined) open.text += ` ${line.trim()}`
    else open = { kind: 'paragraph', mark: '', text: line.trim() }
  }
  close()
  if (code !== undefined) blocks.push({ kind: 'code', lines: code })
  return blocks
}

// Bold, code and links of one line.
function inline(text: string, paint: Paint): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) => {
      if (/^`[^`]+`$/.test(part)) return paint.blue(part.slice(1, -1).replaceAll(' ', unbroken))
      return part
        .replace(
          /\[([^[\]]+)\]\(([^()\s]+)\)/g,
          (_all, words: string, url: string) => `${words} (${visible(url)})`,
        )
        .replace(/\*\*([^*]+)\*\*/g, (_all, words: string) => paint.bold(words))
        .replace(
          /(^|[\s(])\*([^*\s][^*]*)\*/g,
          (_all, before: string, words: string) => `${before}${paint.bold(words)}`,
        )
    })
    .join('')
}

// Code is not broken between two lines.
const unbroken = '\u00a0'

function wrapped(text: string, width: number, indent: string): string {
  return wrap(text, width, indent).replaceAll(unbroken, ' ')
}
