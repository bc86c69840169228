import type { SafeEvent } from '../../model/event.ts'
import type { Json } from '../../model/recipe.ts'
import { visible } from '../../util/text/visible.ts'

/** How far somebody is with a recipe. */
export type Progress = {
  readonly lesson: string
  /** How many steps are over. */
  readonly step: number
  readonly steps: number
  readonly verdict: 'working' | 'passed' | 'failed' | 'stopped'
}

/** What a participant tells the board. */
export type Report = Partial<Progress> & {
  /** A random id, which nobody else is told. */
  readonly participant: string
  readonly name: string
}

/** The longest name of a participant or a recipe, in characters. */
const longest = 60
const mostSteps = 10_000

/** How far a run is after an event of it; what is no step of the recipe itself changes nothing. */
export function progressAfter(before: Progress | undefined, event: SafeEvent): Progress | undefined {
  switch (event.type) {
    case 'run:start':
      return { lesson: event.recipe, step: 0, steps: event.steps, verdict: 'working' }
    case 'step:end': {
      // A round of a step, or a step of an included recipe, has a longer id.
      const isOwn = event.phase === 'main' && !/[[.]/.test(event.step) && event.result.status !== 'skipped'
      return before && isOwn ? { ...before, step: Math.min(before.step + 1, before.steps) } : before
    }
    case 'run:end': {
      const { status, exit } = event.result
      return (
        before && {
          ...before,
          verdict: exit === 0 ? 'passed' : status === 'interrupted' ? 'stopped' : 'failed',
        }
      )
    }
    default:
      return before
  }
}

/** Reads what a participant tells; undefined for anything else. Texts are cut, and their control characters made visible. */
export function toReport(body: Json | undefined): Report | undefined {
  if (typeof body !== 'object' || body === null || !('participant' in body)) return undefined
  const { participant, name, lesson, step, steps, verdict } = body as Readonly<Record<string, Json>>
  if (typeof participant !== 'string' || !/^[\w-]{16,64}$/.test(participant)) return undefined
  if (typeof name !== 'string' || name.trim() === '') return undefined
  const who = { participant, name: short(name) }
  if (lesson === undefined) return who
  if (typeof lesson !== 'string' || !isCount(step) || !isCount(steps) || step > steps) return undefined
  if (verdict !== 'working' && verdict !== 'passed' && verdict !== 'failed' && verdict !== 'stopped')
    return undefined
  return { ...who, lesson: short(lesson), step, steps, verdict }
}

function short(text: string): string {
  return visible(text.trim()).slice(0, longest)
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostSteps
}
