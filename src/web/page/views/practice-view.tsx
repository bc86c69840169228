import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { visible } from '../../../util/text/visible.ts'
import type { PageAction } from '../../message.ts'
import type { PageState } from '../state.ts'
import { Markdown } from './markdown.tsx'

/** The task at the end of a recipe, and a button that looks whether it is done. */
export function PracticeView({
  state: { practice, checked, run },
  send,
}: {
  readonly state: PageState
  readonly send: (action: PageAction) => void
}): VNode | null {
  const section = useRef<HTMLElement>(null)
  const isShown = practice !== undefined && (run.at === 'task' || run.at === 'end')
  useEffect(() => {
    if (isShown) section.current?.scrollIntoView({ block: 'nearest' })
  }, [isShown])
  if (!isShown) return null
  const { task, hint, question } = practice
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const answer = new FormData(event.currentTarget).get('answer')
    send({ type: 'check', ...(typeof answer === 'string' && { answer }) })
  }
  return (
    <section class="practice" ref={section} aria-labelledby="practice">
      <h2 id="practice">Now you</h2>
      <Markdown text={task} />
      {hint !== undefined && (
        <details class="service">
          <summary>A hint</summary>
          <Markdown text={hint} />
        </details>
      )}
      <form onSubmit={submit}>
        {question !== undefined && (
          <label>
            <span>{visible(question)}</span>
            <input name="answer" autocomplete="off" spellcheck={false} required />
          </label>
        )}
        <button type="submit">Is it done?</button>
      </form>
      <div role="status">
        {checked !== undefined && (
          <p class={checked.isDone ? 'right' : 'wrong'}>
            <b>{checked.isDone ? '✓ Done.' : '✗ Not yet.'}</b>{' '}
            {checked.problem !== undefined && visible(checked.problem.message)}
          </p>
        )}
      </div>
    </section>
  )
}
