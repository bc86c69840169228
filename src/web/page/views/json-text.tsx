import type { ComponentChildren, VNode } from 'preact'
import { prettyJson } from '../../../util/pretty-json.ts'
import { visibleLines } from '../../../util/text/visible.ts'

/** The longest text that is shown, in characters. */
const longest = 16_384

/** A body: JSON with line breaks and colours, any other text as it is; control characters are visible. */
export function BodyText({ text }: { readonly text: string }): VNode {
  const shown = visibleLines(prettyJson(text)).join('\n')
  const cut = shown.slice(0, longest)
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <pre class="body" tabIndex={0}>
        <code>{/^\s*[[{]/.test(cut) ? colored(cut) : cut}</code>
      </pre>
      {shown.length > longest && <p class="fact">… {shown.length - longest} characters more</p>}
    </>
  )
}

function colored(text: string): readonly ComponentChildren[] {
  return text
    .split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)/)
    .map((part, index) => {
      if (index % 2 === 0) return part
      if (part.endsWith(':')) return <span class="key">{part}</span>
      return <span class={part.startsWith('"') ? 'text' : 'number'}>{part}</span>
    })
}
