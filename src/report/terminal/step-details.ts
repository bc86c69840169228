import type { RunEvent } from '../../model/event.ts'
import type { ReportOptions } from '../../model/reporter.ts'
import { visible } from '../../util/text/visible.ts'
import type { Paint } from '../text/paint.ts'
import { latestText, type Timeline, timelineText, withPoll } from '../text/timeline.ts'

/** What a terminal tells of a step below its line. */
export type StepDetails = {
  add(text: string): void
  /** What was added since the last time is one attempt of a step that is repeated. */
  poll(event: Extract<RunEvent, { readonly type: 'poll' }>): void
  /** What a step that is being repeated has seen last. */
  latestText(): string
  /** All that was added; of many attempts the first and the last alone, unless more was asked for. */
  text(): string
  /** What was observed and when, and how often the step was tried; nothing for a step that is not repeated. */
  timelineText(): string
}

/** Gathers the details of one step. */
export function createStepDetails(
  { verbosity }: Pick<ReportOptions, 'verbosity'>,
  paint: Paint,
): StepDetails {
  const showsAll = verbosity === 'headers' || verbosity === 'bodies'
  let settled = ''
  let last = ''
  let omitted = 0
  let pending = ''
  let timeline: Timeline | undefined
  return {
    add(text) {
      pending += text
    },
    poll(event) {
      timeline = withPoll(timeline, event)
      if (event.attempt === 1 || showsAll) settled += pending
      else {
        if (last !== '') omitted++
        last = pending
      }
      pending = ''
    },
    latestText: () => (timeline === undefined ? '' : `: ${visible(latestText(timeline))}`),
    text() {
      const between = omitted === 0 ? '' : `    ${paint.dim(`… ${omitted} more, -v shows them`)}\n`
      return settled + between + last + pending
    },
    timelineText: () =>
      timeline === undefined
        ? ''
        : timelineText(timeline)
            .map((line) => `    ${paint.dim(visible(line))}\n`)
            .join(''),
  }
}
