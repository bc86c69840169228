import type { ExchangeRecord } from '../../model/event.ts'
import type { Stop } from '../../model/gate.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Practice } from '../../model/recipe.ts'
import { resolveInputs } from '../../recipe/choose/resolve-inputs.ts'
import { wrap } from '../../report/text/wrap.ts'
import { runRecipe } from '../../run/recipe/run-recipe.ts'
import { visible } from '../../util/text/visible.ts'
import type { Learner } from './learner.ts'
import type { Lesson } from './lesson.ts'
import { noteText } from './page/note-text.ts'

/**
 * Sets the practice task of a lesson and, each time that the learner says that it is done, runs its check on the cloud.
 * `at`: the step at which the lesson stands, for the shell.
 */
export async function practise(
  practice: Practice,
  lesson: Lesson,
  learner: Learner,
  at: Stop,
): Promise<'done' | 'later' | 'quit'> {
  const { paint, width, say } = learner
  const { task, hint, question } = practice
  const note = (text: string): void => say(`\n${noteText(at.mask(text), { paint, width })}\n`)
  say(`\n  ${paint.bold('Practice')}\n`)
  note(task)
  if (learner.isAudience) {
    await learner.pause()
    if (hint !== undefined) note(hint)
    await learner.pause()
    return 'later'
  }
  for (;;) {
    const next = await learner.choose('The task', [
      { value: 'check', label: question === undefined ? 'It is done: check it' : 'I know it: answer' },
      { value: 'shell', label: 'Give me a shell here', hint: '$token, $endpoint and the rest are set' },
      ...(hint === undefined ? [] : [{ value: 'hint', label: 'Give me a hint' }]),
      { value: 'later', label: 'Leave it for now' },
    ])
    if (next === undefined) return 'quit'
    if (next === 'later') return 'later'
    if (next === 'shell') await lesson.openShell(at.environment())
    if (next === 'hint' && hint !== undefined) note(hint)
    if (next === 'check') {
      const answer = question === undefined ? undefined : await learner.ask(question)
      if (question !== undefined && answer === undefined) return 'quit'
      const fault = await check(practice, lesson, answer)
      say(
        fault === undefined
          ? `\n  ${paint.green('✓')} That is it.\n`
          : `\n${wrap(`${paint.yellow('✗')} ${fault}`, width, '  ')}\n\n`,
      )
      if (fault === undefined) return 'done'
      if (lesson.options.signal?.aborted === true) return 'quit'
    }
  }
}

// Why it is not done; undefined when it is.
async function check(
  practice: Practice,
  { options, inputs }: Lesson,
  answer: string | undefined,
): Promise<string | undefined> {
  let given = inputs
  try {
    if (answer !== undefined) given = resolveInputs(practice.check, { values: inputs, flags: { answer } })
  } catch (error) {
    if (!(error instanceof OsrunError)) throw error
    return 'The answer is a whole number.'
  }
  const run = runRecipe(practice.check, { ...options, inputs: given })
  let last: ExchangeRecord | undefined
  let isOver = false
  for await (const event of run) {
    if (event.type === 'exchange' && !isOver) last = event.exchange
    // What comes after the step that failed is cleaning up.
    if (event.type === 'step:end' && 'problem' in event.result) isOver = true
  }
  const { problem, exit } = await run.result
  if (problem === undefined) return undefined
  // Found and expected would give the answer away.
  if (answer !== undefined && (exit === 4 || exit === 5)) return 'The cloud says otherwise. Look again.'
  const asked = last === undefined ? '' : `${last.method} ${last.url}: `
  return `Not yet. ${visible(`${asked}${problem.message}`)}`
}
