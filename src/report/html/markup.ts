import { visible, visibleLines } from '../../util/text/visible.ts'
import { escapeXml } from '../escape.ts'

/** A piece of HTML: what it holds of texts from elsewhere is escaped. */
export type Markup = { readonly markup: string }

type Part = string | number | undefined | Markup | readonly Markup[]

/** HTML as it is written, every text in it escaped and its control characters visible; nothing for undefined. */
export function html(written: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const markup = written.map((text, index) => {
    const tidy = text.replace(/\s*\n\s*/g, '\n')
    return index < parts.length ? tidy + partMarkup(parts[index]) : tidy
  })
  return { markup: markup.join('') }
}

/** Text with its line breaks, as the content of a `pre`. */
export function lines(text: string): Markup {
  // The first line break after <pre> is dropped: https://html.spec.whatwg.org/multipage/grouping-content.html#the-pre-element
  const start = text.startsWith('\n') ? '\n' : ''
  return { markup: start + escapeXml(visibleLines(text).join('\n')) }
}

function partMarkup(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'string') return escapeXml(visible(part))
  if (typeof part === 'number') return String(part)
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('')
}
