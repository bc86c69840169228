import type { Mismatch, Phase, SafeEvent } from '../../model/event.ts'
import type { PlannedStep } from '../../model/plan.ts'
import type { Problem } from '../../model/problem.ts'
import type { Json } from '../../model/recipe.ts'
import type { RunState } from '../message.ts'

/** The events of one type. */
export type EventOf<T extends SafeEvent['type']> = Extract<SafeEvent, { readonly type: T }>

/** How far a step is, or how it ended. */
export type StepStatus = 'ready' | 'running' | 'passed' | 'failed' | 'allowed' | 'skipped'

/** A step as the page shows it. */
export type StepView = {
  /** Of the main steps the id; of those of cleaning up the id after `cleanup:`. */
  readonly key: string
  readonly phase: Phase
  readonly title: string
  readonly status: StepStatus
  /** What it would do; none of a step that stands for one of several rounds, or of an included recipe. */
  readonly planned?: PlannedStep
  /** The step that it is a part of. */
  readonly within?: string
  readonly note?: string
  /** Milliseconds. */
  readonly duration?: number
  readonly exchanges: readonly EventOf<'exchange'>[]
  readonly notices: readonly string[]
  /** What the step named. */
  readonly values: readonly { readonly name: string; readonly value: Json }[]
  readonly poll?: EventOf<'poll'>
  readonly problem?: Problem
  readonly mismatches: readonly Mismatch[]
  /** Why it was skipped. */
  readonly reason?: string
}

/** Makes what is shown of a planned step that has not begun. */
export function readyStep(phase: Phase): (planned: PlannedStep) => StepView {
  return (planned) => ({
    key: keyOf(phase, planned.id),
    phase,
    title: planned.title,
    ...(planned.note !== undefined && { note: planned.note }),
    status: 'ready',
    planned,
    exchanges: [],
    notices: [],
    values: [],
    mismatches: [],
  })
}

/** What a step is known by on the page. */
export function keyOf(phase: Phase, id: string): string {
  return phase === 'main' ? id : `cleanup:${id}`
}

/** At the end of a run, what was planned and did not come is skipped: a token that was revoked before, say. */
export function atEnd(steps: readonly StepView[], { at }: RunState): readonly StepView[] {
  if (at !== 'end') return steps
  return steps.map((step) =>
    step.status === 'ready' ? { ...step, status: 'skipped', reason: 'it was not needed' } : step,
  )
}

/** The key of the step of that id which is under way, in whichever phase. */
export function running(steps: readonly StepView[], id: string): string {
  return steps.findLast(({ key, phase }) => key === keyOf(phase, id) && isHere(steps, key))?.key ?? id
}

function isHere(steps: readonly StepView[], key: string): boolean {
  return steps.find((step) => step.key === key)?.status === 'running'
}

/** The steps with one of them changed. */
export function changed(
  steps: readonly StepView[],
  key: string,
  change: (step: StepView) => StepView,
): readonly StepView[] {
  return steps.map((step) => (step.key === key ? change(step) : step))
}

/** The steps with one of that id: a round, or a step of an included recipe, comes after the step of the plan that it belongs to. */
export function withStep(
  steps: readonly StepView[],
  id: string,
  phase: Phase,
  title: string,
): readonly StepView[] {
  const key = keyOf(phase, id)
  if (steps.some((step) => step.key === key)) return steps
  const within = steps.findLast(
    (step) =>
      step.planned !== undefined && (key.startsWith(`${step.key}[`) || key.startsWith(`${step.key}.`)),
  )?.key
  const step: StepView = {
    key,
    phase,
    title,
    status: 'ready',
    ...(within !== undefined && { within }),
    exchanges: [],
    notices: [],
    values: [],
    mismatches: [],
  }
  const last =
    within === undefined
      ? steps.length - 1
      : steps.findLastIndex((one) => one.key === within || one.within === within)
  return [...steps.slice(0, last + 1), step, ...steps.slice(last + 1)]
}

/** The steps, of which one that others stand for has ended as the worst of them. */
export function withParents(steps: readonly StepView[]): readonly StepView[] {
  const order = ['failed', 'running', 'allowed', 'passed', 'skipped'] as const
  return steps.map((step) => {
    const parts = steps.filter(({ within }) => within === step.key)
    const status = order.find((one) => parts.some((part) => part.status === one))
    return status === undefined ? step : { ...step, status }
  })
}
