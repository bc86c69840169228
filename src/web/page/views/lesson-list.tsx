import type { VNode } from 'preact'
import { visible } from '../../../util/text/visible.ts'
import type { Lesson } from '../../message.ts'
import { walk } from './step-list.tsx'

/** The recipes, to be opened. */
export function LessonList({
  lessons,
  passed,
  lesson,
  onOpen,
}: {
  readonly lessons: readonly Lesson[]
  readonly passed: readonly number[]
  readonly lesson: number | undefined
  readonly onOpen: (id: number) => void
}): VNode {
  return (
    <ol>
      {lessons.map(({ id, name }) => (
        <li key={id}>
          <button
            type="button"
            class="lesson"
            aria-current={id === lesson ? 'page' : undefined}
            onClick={() => onOpen(id)}
            onKeyDown={(event) => walk(event, '.lessons')}
          >
            {visible(name)}
            {passed.includes(id) && (
              <span class="mark" role="img" aria-label="passed">
                ✓
              </span>
            )}
          </button>
        </li>
      ))}
    </ol>
  )
}
