import type { ExchangeRecord, Phase, RunResult, SafeEvent, StepResult } from '../model/event.ts'
import { type Timeline, withPoll } from './timeline.ts'

/** One exchange with its curl line. */
type ExchangeEntry = { readonly exchange: ExchangeRecord; readonly curl: string }

/** One step as reports tell it. */
export type StepRecord = {
  readonly id: string
  readonly verb: string
  readonly title: string
  readonly phase: Phase
  readonly result: StepResult
  readonly allowedFailure: boolean
  /** Milliseconds. */
  readonly duration: number
  readonly exchanges: readonly ExchangeEntry[]
  /** Of a step with `until`. */
  readonly timeline?: Timeline
}

/** One run as reports tell it. */
export type RunRecord = {
  readonly recipe: string
  readonly file: string
  readonly runId: string
  readonly cloud: string
  readonly time: string
  readonly steps: readonly StepRecord[]
  readonly notices: readonly string[]
  /** Undefined for a run whose events stop before its end. */
  readonly result: RunResult | undefined
}

/** Gathers the events of all runs. */
export async function collectRuns(events: AsyncIterable<SafeEvent>): Promise<readonly RunRecord[]> {
  const runs: (Omit<RunRecord, 'result'> & {
    steps: StepRecord[]
    notices: string[]
    result: RunResult | undefined
  })[] = []
  let exchanges: ExchangeEntry[] = []
  let timeline: Timeline | undefined
  for await (const event of events) {
    const run = runs.at(-1)
    switch (event.type) {
      case 'run:start': {
        const { recipe, file, runId, cloud, time } = event
        runs.push({ recipe, file, runId, cloud, time, steps: [], notices: [], result: undefined })
        break
      }
      case 'exchange':
        exchanges.push({ exchange: event.exchange, curl: event.curl })
        break
      case 'poll':
        timeline = withPoll(timeline, event)
        break
      case 'notice':
        run?.notices.push(event.message)
        break
      case 'step:end': {
        const { step: id, verb, title, phase, result, allowedFailure, duration } = event
        const step = { id, verb, title, phase, result, allowedFailure, duration, exchanges }
        run?.steps.push({ ...step, ...(timeline && { timeline }) })
        exchanges = []
        timeline = undefined
        break
      }
      case 'run:end':
        if (run) run.result = event.result
        break
      case 'step:start':
      case 'context':
        break
      default:
        event satisfies never
    }
  }
  return runs
}
