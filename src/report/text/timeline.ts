import type { RunEvent } from '../../model/event.ts'
import { toSeconds } from '../../util/duration.ts'

type Poll = Extract<RunEvent, { readonly type: 'poll' }>

/** What was seen while a step was repeated, and when it was first seen. */
export type Timeline = {
  /** How often the step was tried. */
  readonly attempts: number
  /** Milliseconds until the last answer. */
  readonly duration: number
  readonly values: readonly {
    readonly subject: string
    /** In order; `after` is in milliseconds. */
    readonly seen: readonly { readonly found: string; readonly after: number }[]
  }[]
}

/** A timeline with one attempt more. */
export function withPoll(timeline: Timeline | undefined, { attempt, after, changes }: Poll): Timeline {
  const values = new Map(timeline?.values.map(({ subject, seen }) => [subject, seen]))
  for (const { subject, found } of changes)
    values.set(subject, [...(values.get(subject) ?? []), { found, after }])
  return {
    attempts: attempt,
    duration: after,
    values: [...values].map(([subject, seen]) => ({ subject, seen })),
  }
}

/** What was seen last, for the line of a step that is still being repeated. */
export function latestText({ attempts, values }: Timeline): string {
  const lines = values.map(({ subject, seen }) => `${subject} = ${seen.at(-1)?.found ?? ''}`)
  return [...lines, `asked ${attempts} ${attempts === 1 ? 'time' : 'times'}`].join(', ')
}

/** How many values of one subject are told; of more the middle is left out. */
const mostTold = 10

/** A line for each subject, such as `status = 404 0.0 s, 200 4.1 s`, and one that says how often was asked. */
export function timelineText({ attempts, duration, values }: Timeline): readonly string[] {
  const lines = values.map(({ subject, seen }) => {
    const told = seen.map(({ found, after }) => `${found} ${toSeconds(after)}`)
    if (told.length > mostTold) {
      const left = told.length - mostTold
      told.splice(mostTold / 2, left, `… (${left} more)`)
    }
    return `${subject} = ${told.join(', ')}`
  })
  return [...lines, `asked ${attempts} ${attempts === 1 ? 'time' : 'times'} in ${toSeconds(duration)}`]
}
