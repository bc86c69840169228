import type { VNode } from 'preact'
import { useRef, useState } from 'preact/hooks'

/** A block of text for a shell, with a button that copies it. */
export function Copyable({ text, label }: { readonly text: string; readonly label: string }): VNode {
  const code = useRef<HTMLElement>(null)
  const [told, tell] = useState('Copy')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      tell('Copied')
    } catch {
      // A browser may forbid it; the text is ready for the keyboard then.
      if (code.current !== null) getSelection()?.selectAllChildren(code.current)
      tell('Press Ctrl+C')
    }
    setTimeout(() => tell('Copy'), 2000)
  }
  return (
    <div class="curl">
      <pre>
        <code ref={code}>{text}</code>
      </pre>
      <button type="button" class="copy" aria-label={`${told}: ${label}`} onClick={() => void copy()}>
        {told}
      </button>
    </div>
  )
}
