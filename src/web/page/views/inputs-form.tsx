import type { VNode } from 'preact'
import type { PlannedInput } from '../../../model/plan.ts'
import { visible } from '../../../util/text/visible.ts'
import { shortJson } from '../value-text.ts'

/** The inputs of a recipe; to change them opens it anew. */
export function InputsForm({
  inputs,
  onOpen,
}: {
  readonly inputs: readonly PlannedInput[]
  readonly onOpen: (values: Readonly<Record<string, string>>) => void
}): VNode | null {
  if (inputs.length === 0) return null
  const isMissing = inputs.some(({ required, value }) => required && value === undefined)
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const texts = [...new FormData(event.currentTarget)].flatMap(([name, text]) =>
      typeof text === 'string' && text !== '' ? [[name, text] as const] : [],
    )
    onOpen(Object.fromEntries(texts))
  }
  return (
    <details class="inputs" open={isMissing}>
      <summary>Inputs</summary>
      <form onSubmit={submit}>
        {inputs.map(({ name, description, secret, value, required }) => (
          <label key={name}>
            <span>
              <code>{visible(name)}</code>{' '}
              {description !== undefined && <span class="fact">{visible(description)}</span>}
            </span>
            <input
              name={name}
              {...(secret ? { type: 'password' as const } : { type: 'text' as const })}
              autocomplete="off"
              spellcheck={false}
              required={required}
              defaultValue={value === undefined ? '' : typeof value === 'string' ? value : shortJson(value)}
            />
          </label>
        ))}
        <button type="submit">Use these</button>
      </form>
    </details>
  )
}
