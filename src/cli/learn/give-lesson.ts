import type { RunResult, SafeEvent } from '../../model/event.ts'
import type { Gate, Stop } from '../../model/gate.ts'
import { runRecipe } from '../../run/recipe/run-recipe.ts'
import { visible } from '../../util/text/visible.ts'
import type { Learner } from './learner.ts'
import type { Lesson } from './lesson.ts'
import { cleanupTeller } from './page/cleanup-text.ts'
import { noteText } from './page/note-text.ts'
import type { StepPage } from './page/step-page.ts'
import { createStepPage } from './page/step-page.ts'
import { practise } from './practise.ts'
import type { Place } from './progress.ts'

/** Where a lesson begins. */
export type LessonStart = {
  /** The step at which it stops first; those before it are only run. */
  readonly first: number
  /** How far the learner has come before. */
  readonly before: Place
  /** Told each time that the learner has come further. */
  keep(place: Place): Promise<void>
}

/** How a lesson ended. */
export type LessonEnd = {
  readonly place: Place
  readonly result: RunResult
  /** Whether the learner wants to leave, not only this lesson. */
  readonly isLeaving: boolean
}

/**
 * Takes a learner through a recipe, and through its practice task while everything that it made is still there; then
 * cleans up.
 */
export async function giveLesson(
  lesson: Lesson,
  learner: Learner,
  { first, before, keep }: LessonStart,
): Promise<LessonEnd> {
  const { recipe, plan } = lesson
  const { paint, width, say } = learner
  let place = before
  const pages: StepPage[] = []
  let isLeaving = false
  const leave = (): 'quit' => {
    isLeaving = true
    return 'quit'
  }
  say(`\n  ${paint.bold(visible(recipe.name))}\n\n`)
  if (recipe.description !== undefined) say(`${noteText(recipe.description, { paint, width })}\n`)
  const isLast = ({ index }: Stop): boolean => index === recipe.steps.length - 1
  const gate: Gate = {
    async before(at) {
      if (at.index < first) return 'go'
      const page = createStepPage(at, lesson, learner, pages)
      pages.push(page)
      const answer = await page.before(plan[at.index])
      if (answer === 'skip') say(`\n  ${paint.dim('Skipped.')}\n`)
      return answer === 'quit' ? leave() : answer
    },
    async after(at, { events }) {
      if (at.index < first) {
        say(`  ${paint.dim(`✓ ${titleOf(events)}, as before`)}\n`)
        return isLast(at) ? practiceAt(at) : 'go'
      }
      const answer = (await pages.at(-1)?.after(events)) ?? 'go'
      if (answer === 'quit') return leave()
      if (answer === 'repeat') return 'repeat'
      const hasPassed = pages.at(-1)?.hasPassed === true
      if (hasPassed) {
        const last = isLast(at)
        place = { ...place, isDone: place.isDone || last, steps: last ? 0 : at.index + 1 }
        await keep(place)
        if (last) return practiceAt(at)
      }
      return 'go'
    },
  }
  async function practiceAt(at: Stop): Promise<'go' | 'quit'> {
    if (recipe.practice === undefined) return 'go'
    const ended = await practise(recipe.practice, lesson, learner, at)
    if (ended === 'done') {
      place = { ...place, isPractised: true }
      await keep(place)
    }
    return ended === 'quit' ? leave() : 'go'
  }
  const run = runRecipe(recipe, { ...lesson.options, inputs: lesson.inputs, gate })
  const tell = cleanupTeller(learner)
  for await (const event of run) {
    tell(event)
    lesson.onEvent?.(event)
  }
  return { place, result: await run.result, isLeaving }
}

function titleOf(events: readonly SafeEvent[]): string {
  const end = events.findLast((event) => event.type === 'step:end')
  return visible(end?.type === 'step:end' ? end.title : '')
}
