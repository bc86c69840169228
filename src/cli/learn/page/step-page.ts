import type { SafeEvent } from '../../../model/event.ts'
import type { Stop } from '../../../model/gate.ts'
import type { PlannedStep } from '../../../model/plan.ts'
import type { Quiz, RecipeStep } from '../../../model/recipe.ts'
import { exchangeText } from '../../../report/text/exchange-text.ts'
import { problemText } from '../../../report/text/problem-text.ts'
import { wrap } from '../../../report/text/wrap.ts'
import { visible } from '../../../util/text/visible.ts'
import type { Choice, Learner } from '../learner.ts'
import type { Lesson } from '../lesson.ts'
import { answerText } from './answer-text.ts'
import { gainedText } from './gained-text.ts'
import { mattersOf } from './matters.ts'
import { noteText } from './note-text.ts'

/** One step as a learner sees it: what it is about and what will be sent, then what came of it. */
export type StepPage = {
  readonly title: string
  /** Whether the step has passed, or had not to be done. */
  readonly hasPassed: boolean
  /** All that was shown of it so far. */
  text(): string
  before(plan: PlannedStep | undefined): Promise<'go' | 'skip' | 'quit'>
  after(events: readonly SafeEvent[]): Promise<'go' | 'repeat' | 'quit'>
}

/** Makes the page of a step; `pages`: those of the steps before it, and its own at last. */
export function createStepPage(
  at: Stop,
  lesson: Lesson,
  learner: Learner,
  pages: readonly StepPage[],
): StepPage {
  const { paint, width } = learner
  const { step, index, mask } = at
  const title = visible(mask(lesson.plan[index]?.title ?? step.id))
  let shown = ''
  let hasPassed = false
  const say = (text: string): void => {
    shown += text
    learner.say(text)
  }
  const shell = (): Promise<void> => lesson.openShell(at.environment())
  const ask = createAsking(learner, pages, shell)
  return {
    title,
    get hasPassed() {
      return hasPassed
    },
    text: () => shown,
    async before(plan) {
      const number = `${index + 1}/${lesson.recipe.steps.length}`
      say(`\n  ${paint.blue(number)} ${paint.bold(title)}\n`)
      if (step.note !== undefined) say(`\n${noteText(mask(step.note), { paint, width })}`)
      say(planText(plan, step, learner, mask))
      if (step.quiz !== undefined && !(await askQuiz(step.quiz, learner, say))) return 'quit'
      if (plan === undefined || (plan.requests.length === 0 && step.traits.waits !== true)) {
        await learner.pause()
        return 'go'
      }
      return ask(plan.requests.length > 0 ? 'Send it?' : 'Do it?', [
        { value: 'go', label: plan.requests.length > 0 ? 'Send it' : 'Do it' },
        { value: 'skip', label: 'Skip this step' },
      ])
    },
    async after(events) {
      hasPassed = hasPassed || isGood(events)
      say(resultText(events, lesson, index, learner))
      if (learner.isAudience) {
        await learner.pause()
        return 'go'
      }
      const good = isGood(events)
      const sent = events.some((event) => event.type === 'exchange' && event.exchange.status !== undefined)
      const isLast = index === lesson.recipe.steps.length - 1
      const go: Choice<'go'> = {
        value: 'go',
        label: good ? 'Go on' : 'End the lesson',
        ...(good && isLast && { hint: 'this was the last step' }),
      }
      const repeat: Choice<'repeat'> = { value: 'repeat', label: 'Do it again' }
      const whole: Choice<'whole'>[] = sent ? [{ value: 'whole', label: 'Show the whole response' }] : []
      return ask(
        good ? 'What now?' : 'That did not go well. What now?',
        [...(good ? [go, ...whole, repeat] : [repeat, ...whole, go])],
        () => learner.say(wholeText(events, learner)),
      )
    },
  }
}

type Asking = <T extends string>(
  question: string,
  own: readonly Choice<T | 'whole'>[],
  showWhole?: () => void,
) => Promise<Exclude<T, 'whole'> | 'quit'>

// Asks until one of the step's own choices is taken; looking back and the shell come back to the question.
function createAsking(learner: Learner, pages: readonly StepPage[], shell: () => Promise<void>): Asking {
  return async (question, own, showWhole) => {
    if (learner.isAudience) {
      await learner.pause()
      return own[0]?.value as never
    }
    for (;;) {
      const earlier = pages.slice(0, -1)
      const choices = [
        ...own,
        ...(earlier.length > 0 ? [{ value: 'back', label: 'Back: see an earlier step again' } as const] : []),
        {
          value: 'shell',
          label: 'Give me a shell here',
          hint: '$token, $endpoint and the rest are set',
        } as const,
        { value: 'quit', label: 'Quit', hint: 'cleans up' } as const,
      ]
      const answer = await learner.choose<string>(question, choices)
      if (answer === undefined || answer === 'quit') return 'quit'
      if (answer === 'whole') showWhole?.()
      else if (answer === 'back') await lookBack(learner, earlier)
      else if (answer === 'shell') await shell()
      else return answer as never
    }
  }
}

async function lookBack(learner: Learner, earlier: readonly StepPage[]): Promise<void> {
  const choices = earlier.map(({ title }, index) => ({ value: String(index), label: title })).toReversed()
  const chosen = await learner.choose('Which step?', choices)
  const page = chosen === undefined ? undefined : earlier[Number(chosen)]
  if (page === undefined) return
  const rule = learner.paint.dim('─'.repeat(learner.width - 2))
  learner.say(`\n  ${rule}${page.text()}  ${rule}\n`)
}

/** What a step is going to do, with its curl lines whole, so that they can be copied. */
function planText(
  plan: PlannedStep | undefined,
  { traits }: RecipeStep,
  { paint, width }: Learner,
  mask: (text: string) => string,
): string {
  if (plan === undefined) return ''
  const lines: string[] = []
  for (const words of [...plan.conditions, ...plan.does])
    lines.push(wrap(paint.dim(capital(visible(mask(words)))), width, '  '))
  for (const { curl } of plan.requests) lines.push(`  ${paint.dim('$')} ${visible(mask(curl))}`)
  for (const remark of plan.remarks) lines.push(wrap(paint.dim(visible(mask(remark))), width, '    '))
  // What a request is to bring would be the answer to many a question.
  if (traits.compares && plan.expects.length > 0) {
    lines.push(`  ${paint.dim('To be right:')}`)
    for (const { subject, expected } of plan.expects)
      lines.push(wrap(visible(mask(`${subject}: ${expected}`)), width, '    '))
  }
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n\n`
}

async function askQuiz(quiz: Quiz, learner: Learner, say: (text: string) => void): Promise<boolean> {
  const { paint, width, isAudience } = learner
  const choices = quiz.choices.map((choice) => ({ value: choice, label: choice }))
  const given = await learner.choose(quiz.question, choices)
  if (given === undefined) return false
  const verdict =
    isAudience || given === quiz.answer
      ? paint.green(`✓ ${quiz.answer}`)
      : `${paint.yellow(`✗ ${given}`)}, ${paint.green(`it is ${quiz.answer}`)}`
  say(`\n  ${verdict}\n${noteText(quiz.why, { paint, width })}\n`)
  await learner.pause()
  return true
}

function isGood(events: readonly SafeEvent[]): boolean {
  const end = events.findLast((event) => event.type === 'step:end')
  if (end?.type !== 'step:end') return false
  const { status } = end.result
  return status === 'passed' || status === 'skipped' || end.allowedFailure
}

function resultText(
  events: readonly SafeEvent[],
  { recipe }: Lesson,
  index: number,
  { paint, width }: Learner,
): string {
  const matters = mattersOf(recipe, index)
  const texts: string[] = []
  for (const event of events) {
    if (event.type === 'exchange' && event.exchange.status !== undefined)
      texts.push(answerText(event.exchange, matters, paint))
    if (event.type === 'notice')
      texts.push(wrap(`${paint.yellow('note:')} ${visible(event.message)}`, width, '  '), '\n')
    if (event.type === 'step:end' && event.result.status === 'skipped')
      texts.push(wrap(paint.dim(`Skipped: ${visible(event.result.reason)}.`), width, '  '), '\n')
    if (event.type === 'step:end' && 'problem' in event.result)
      texts.push(problemText(event.result.problem, { color: paint.isColored, width, indent: '  ' }), '\n')
  }
  const end = events.findLast((event) => event.type === 'step:end')
  if (
    texts.length === 0 &&
    end?.type === 'step:end' &&
    end.result.status === 'passed' &&
    recipe.steps[index]?.traits.compares
  )
    texts.push(`  ${paint.green('✓')} All as expected.\n`)
  return `\n${texts.join('')}${gainedText(events, Date.now(), paint)}\n`
}

function wholeText(events: readonly SafeEvent[], { paint }: Learner): string {
  const texts = events.flatMap((event) =>
    event.type === 'exchange'
      ? [exchangeText(event.exchange, { verbosity: 'bodies', curl: false }, paint)]
      : [],
  )
  return `\n${texts.join('\n')}\n`
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
