import type { VNode } from 'preact'
import type { Quiz } from '../../../model/recipe.ts'
import { inline, Markdown } from './markdown.tsx'

/** A question about a step, its choices, and after one of them is chosen why which one is right. */
export function QuizView({
  quiz: { question, choices, answer, why },
  choice,
  onChoose,
}: {
  readonly quiz: Quiz
  readonly choice: string | undefined
  readonly onChoose: (choice: string) => void
}): VNode {
  return (
    <fieldset class="quiz">
      <legend>{inline(question)}</legend>
      {choices.map((one) => (
        <label
          key={one}
          class={choice === undefined ? undefined : one === answer ? 'right' : one === choice ? 'wrong' : ''}
        >
          <input type="radio" name="quiz" checked={one === choice} onChange={() => onChoose(one)} />
          <span>{inline(one)}</span>
        </label>
      ))}
      <div role="status">
        {choice !== undefined && (
          <>
            <p class={choice === answer ? 'right' : 'wrong'}>
              <b>{choice === answer ? '✓ Right.' : '✗ Not this one.'}</b>
            </p>
            {<Markdown text={why} />}
          </>
        )}
      </div>
    </fieldset>
  )
}
