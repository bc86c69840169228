import type { SafeEvent } from '../../model/event.ts'
import type { Plan } from '../../model/plan.ts'
import type { Problem } from '../../model/problem.ts'
import type { Json } from '../../model/recipe.ts'
import type { FaultSwitch, Lesson, OpenedLesson, PageMessage, RunState } from '../message.ts'
import { type Catalog, catalogOf } from './catalog.ts'
import {
  atEnd,
  changed,
  type EventOf,
  keyOf,
  readyStep,
  running,
  type StepView,
  withParents,
  withStep,
} from './steps.ts'

/** A value of the context, and the step that gave it. */
export type ContextEntry = {
  readonly name: string
  readonly value: Json
  readonly step: string
  /** Given by the step that ran last. */
  readonly isNew: boolean
  readonly isRevoked: boolean
}

/** All that a page shows of its recipe. */
export type PageState = {
  readonly lessons: readonly Lesson[]
  /** Those that have passed since the page was loaded, by id. */
  readonly passed: readonly number[]
  readonly lesson: number | undefined
  readonly plan: Plan | undefined
  readonly quizzes: OpenedLesson['quizzes']
  /** What was chosen in the quizzes, by the id of the step. */
  readonly choices: Readonly<Record<string, string>>
  readonly practice: OpenedLesson['practice']
  /** What came of looking whether the task is done. */
  readonly checked: Extract<PageMessage, { readonly type: 'practice' }> | undefined
  readonly steps: readonly StepView[]
  /** The key of the step whose details are shown. */
  readonly selected: string | undefined
  readonly context: readonly ContextEntry[]
  readonly catalog: Catalog | undefined
  readonly run: RunState
  readonly result: EventOf<'run:end'>['result'] | undefined
  readonly outputs: readonly { readonly name: string; readonly value: Json }[]
  /** What gives a shell the variables of the context. */
  readonly shell: string | undefined
  /** What can be broken in the cloud from the page. */
  readonly faults: readonly FaultSwitch[]
  /** What stood in the way of what the page asked for. */
  readonly problem: Problem | undefined
}

/** What a page shows before it has heard anything. */
export const emptyState: PageState = {
  lessons: [],
  passed: [],
  lesson: undefined,
  plan: undefined,
  quizzes: {},
  choices: {},
  practice: undefined,
  checked: undefined,
  steps: [],
  selected: undefined,
  context: [],
  catalog: undefined,
  run: { at: 'start' },
  result: undefined,
  outputs: [],
  shell: undefined,
  faults: [],
  problem: undefined,
}

/** The state after a message of the server, or after somebody has chosen a step. */
export function nextState(
  state: PageState,
  message:
    | PageMessage
    | { readonly type: 'select'; readonly step: string }
    | { readonly type: 'choose'; readonly step: string; readonly choice: string },
): PageState {
  switch (message.type) {
    case 'lessons':
      return { ...emptyState, ...ofTab(state), lessons: message.lessons }
    case 'opened': {
      const { lesson, plan, quizzes, practice } = message
      const steps = [...plan.steps.map(readyStep('main')), ...plan.cleanup.map(readyStep('cleanup'))]
      const choices = lesson === state.lesson ? state.choices : {}
      const { lessons, passed } = state
      return {
        ...emptyState,
        lessons,
        passed,
        lesson,
        plan,
        quizzes,
        choices,
        practice,
        steps,
        selected: steps[0]?.key,
      }
    }
    case 'event':
      return afterEvent({ ...state, problem: undefined }, message.event)
    case 'state':
      return { ...state, run: message.state, steps: atEnd(state.steps, message.state) }
    case 'problem':
      return { ...state, problem: message.problem }
    case 'practice':
      return { ...state, checked: message }
    case 'shell':
      return { ...state, shell: message.command }
    case 'faults':
      return { ...state, faults: message.faults, problem: undefined }
    case 'choose':
      return { ...state, choices: { ...state.choices, [message.step]: message.choice } }
    case 'select':
      return { ...state, selected: message.step }
    default:
      message satisfies never
      return state
  }
}

// What the server does not know, and a page that listens anew would lose.
function ofTab({ lesson, choices, passed }: PageState): Pick<PageState, 'lesson' | 'choices' | 'passed'> {
  return { lesson, choices, passed }
}

function afterEvent(state: PageState, event: SafeEvent): PageState {
  switch (event.type) {
    case 'run:start':
      return state
    case 'step:start': {
      const { step, phase, title, note } = event
      const steps = withStep(state.steps, step, phase, title)
      const key = keyOf(phase, step)
      const begun = changed(steps, key, (one) => ({
        ...one,
        title,
        status: 'running',
        ...(note !== undefined && { note }),
      }))
      const context = state.context.map((entry) => ({ ...entry, isNew: false }))
      // What cleans up comes by itself, and takes nobody away from what he looks at.
      return { ...state, steps: begun, context, selected: phase === 'main' ? key : state.selected }
    }
    case 'exchange': {
      const catalog = catalogOf(event.exchange) ?? state.catalog
      const steps = changed(state.steps, running(state.steps, event.step), (one) => ({
        ...one,
        exchanges: [...one.exchanges, event],
      }))
      return { ...state, catalog, steps }
    }
    case 'context': {
      const { name, value, step } = event
      const entry = { name, value, step, isNew: true, isRevoked: false }
      const steps = changed(state.steps, running(state.steps, step), (one) => ({
        ...one,
        values: [...one.values, { name, value }],
      }))
      return { ...state, context: [...state.context.filter((one) => one.name !== name), entry], steps }
    }
    case 'notice': {
      if (event.step === undefined) return state
      const steps = changed(state.steps, running(state.steps, event.step), (one) => ({
        ...one,
        notices: [...one.notices, event.message],
      }))
      return { ...state, steps }
    }
    case 'poll':
      return {
        ...state,
        steps: changed(state.steps, running(state.steps, event.step), (one) => ({ ...one, poll: event })),
      }
    case 'step:end':
      return afterStep(state, event)
    case 'output':
      return { ...state, outputs: [...state.outputs, { name: event.name, value: event.value }] }
    case 'run:end':
      return afterRun(state, event.result)
    case 'question':
    case 'suite:end':
    // The page is told of it by a message of its own.
    case 'problem':
      return state
    default:
      event satisfies never
      return state
  }
}

function afterRun(state: PageState, result: EventOf<'run:end'>['result']): PageState {
  const { lesson, passed } = state
  const isNew = result.exit === 0 && lesson !== undefined && !passed.includes(lesson)
  return { ...state, result, passed: isNew ? [...passed, lesson] : passed }
}

function afterStep(state: PageState, event: EventOf<'step:end'>): PageState {
  const { step, phase, title, result, allowedFailure, duration, verb } = event
  const key = keyOf(phase, step)
  const status = result.status === 'errored' ? 'failed' : result.status
  const steps = changed(withStep(state.steps, step, phase, title), key, (one) => ({
    ...one,
    title,
    status: allowedFailure && status === 'failed' ? 'allowed' : status,
    duration,
    ...('problem' in result && { problem: result.problem }),
    ...('reason' in result && { reason: result.reason }),
    ...('mismatches' in result && { mismatches: result.mismatches }),
  }))
  const revoked = verb === 'revoke' && status === 'passed' ? revokedName(step, title) : undefined
  const context = state.context.map((entry) =>
    entry.name === revoked ? { ...entry, isRevoked: true } : entry,
  )
  return { ...state, steps: withParents(steps), context }
}

// The name of a step at the end says which token; a step of the recipe revokes the current one, or one that its title tells.
function revokedName(step: string, title: string): string {
  return /^revoke-(?!\d)(.+)$/.exec(step)?.[1] ?? /^revoke \$\{([\w-]+)\}$/.exec(title)?.[1] ?? 'token'
}
