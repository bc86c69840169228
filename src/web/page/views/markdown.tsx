import type { ComponentChildren, VNode } from 'preact'
import { oneLine } from '../../../util/text/text-end.ts'

/** The Markdown of a note: paragraphs, lists, blocks of code, and within lines emphasis and code. All else is text. */
export function Markdown({ text }: { readonly text: string }): VNode {
  return <div class="markdown">{blocksOf(text).map(blockOf)}</div>
}

function blocksOf(text: string): readonly string[] {
  return text
    .trim()
    .split(/(```[\s\S]*?(?:```|$))|\n\s*\n/)
    .filter((block): block is string => block !== undefined && block.trim() !== '')
}

function blockOf(block: string): VNode {
  const [, code] = /^```[^\n]*\n?([\s\S]*?)(?:```)?$/.exec(block) ?? []
  if (code !== undefined) return <pre>{code.trimEnd()}</pre>
  const items = block.trim().split(/\n(?=[^\S\n]*(?:[-*]|\d+\.)\s)/)
  if (items.every((item) => /^\s*[-*]\s/.test(item)))
    return (
      <ul>
        {items.map((item) => (
          <li>{inline(item.replace(/^\s*[-*]\s+/, ''))}</li>
        ))}
      </ul>
    )
  if (items.every((item) => /^\s*\d+\.\s/.test(item)))
    return (
      <ol>
        {items.map((item) => (
          <li>{inline(item.replace(/^\s*\d+\.\s+/, ''))}</li>
        ))}
      </ol>
    )
  return <p>{inline(block)}</p>
}

/** A line of Markdown: emphasis and code. */
export function inline(text: string): readonly ComponentChildren[] {
  return oneLine(text)
    .split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/)
    .map((part) => {
      if (/^`.+`$/.test(part)) return <code>{part.slice(1, -1)}</code>
      if (/^\*\*.+\*\*$/.test(part)) return <strong>{part.slice(2, -2)}</strong>
      if (/^\*.+\*$/.test(part)) return <em>{part.slice(1, -1)}</em>
      return part
    })
}
