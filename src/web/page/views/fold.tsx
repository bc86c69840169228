import type { ComponentChildren, VNode } from 'preact'
import { useState } from 'preact/hooks'

/** A part that can be folded away; all parts of a name are folded alike, as long as the tab lives. */
export function Fold({
  name,
  summary,
  isOpen = true,
  children,
}: {
  readonly name: string
  readonly summary: ComponentChildren
  /** Whether it is open until somebody chooses. */
  readonly isOpen?: boolean
  readonly children: ComponentChildren
}): VNode {
  const key = `fold ${name}`
  const [open, setOpen] = useState(() => (sessionStorage.getItem(key) ?? String(isOpen)) === 'true')
  return (
    <details
      class="fold"
      open={open}
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open)
        sessionStorage.setItem(key, String(currentTarget.open))
      }}
    >
      <summary>{summary}</summary>
      {children}
    </details>
  )
}
