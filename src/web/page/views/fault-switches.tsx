import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { FaultSwitch, PageAction } from '../../message.ts'
import { Fold } from './fold.tsx'

/** Switches for what can be broken in the cloud; nothing where there are none. */
export function FaultSwitches({
  faults,
  send,
}: {
  readonly faults: readonly FaultSwitch[]
  readonly send: (action: PageAction) => void
}): VNode | null {
  if (faults.length === 0) return null
  const on = faults.filter(({ value }) => value !== undefined).map(({ name }) => name)
  return (
    <Fold
      name="faults"
      isOpen={false}
      summary={<>Break the cloud {on.length > 0 && <b class="broken">{on.join(', ')}</b>}</>}
    >
      <ul class="faults">
        {faults.map((fault) => (
          <FaultRow key={fault.name} fault={fault} send={send} />
        ))}
      </ul>
    </Fold>
  )
}

function FaultRow({
  fault: { name, summary, usual, value },
  send,
}: {
  readonly fault: FaultSwitch
  readonly send: (action: PageAction) => void
}): VNode {
  const [text, setText] = useState(value ?? usual ?? '')
  // Another tab may have switched it, or a program.
  useEffect(() => {
    if (value !== undefined) setText(value)
  }, [value])
  const switchOn = (): void => {
    const given = usual === undefined ? undefined : text.trim() || usual
    send({ type: 'break', fault: name, ...(given !== undefined && { value: given }) })
  }
  return (
    <li>
      <label>
        <input
          type="checkbox"
          checked={value !== undefined}
          onChange={({ currentTarget }) =>
            currentTarget.checked ? switchOn() : send({ type: 'mend', fault: name })
          }
        />
        <span>
          <code>{name}</code> <span class="fact">{summary}</span>
        </span>
      </label>
      {usual !== undefined && (
        <input
          type="text"
          aria-label={`The value of ${name}`}
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onChange={() => value !== undefined && switchOn()}
        />
      )}
    </li>
  )
}
