import type { Progress, Report } from './progress.ts'

/** How many participants a board has at most. */
const most = 200
/** How many recipes are counted for one of them. */
const mostPassed = 100

/** A participant as the board shows it. */
export type Participant = {
  /** In the order of joining, from 1. */
  readonly number: number
  readonly name: string
  readonly progress?: Progress
  /** How many recipes have passed, each once. */
  readonly passed: number
  /** When it told something last, in milliseconds since 1970. */
  readonly at: number
}

/** Who takes part. */
export type Participants = {
  /** Notes what one tells; false where there are too many. */
  note(report: Report, now: number): boolean
  list(): readonly Participant[]
}

/** Makes an empty list. */
export function createParticipants(): Participants {
  const known = new Map<string, { readonly shown: Participant; readonly passed: ReadonlySet<string> }>()
  return {
    note({ participant, name, lesson, step, steps, verdict }, at) {
      const before = known.get(participant)
      if (before === undefined && known.size >= most) return false
      const passed = new Set(before?.passed)
      if (verdict === 'passed' && lesson !== undefined && passed.size < mostPassed) passed.add(lesson)
      const told =
        lesson === undefined || step === undefined || steps === undefined || verdict === undefined
          ? before?.shown.progress
          : { lesson, step, steps, verdict }
      const number = before?.shown.number ?? known.size + 1
      const shown = { number, name, ...(told && { progress: told }), passed: passed.size, at }
      known.set(participant, { shown, passed })
      return true
    },
    list: () => [...known.values()].map(({ shown }) => shown),
  }
}
