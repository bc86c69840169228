import type { ExchangeRecord, Phase, RunResult, SafeEvent, StepResult } from '../model/event.ts'
import type { Json } from '../model/recipe.ts'
import { type Timeline, withPoll } from './timeline.ts'

/** One exchange with its curl line. */
export type ExchangeEntry = {
  readonly exchange: ExchangeRecord
  /** When the request was sent, ISO 8601. */
  readonly time: string
  readonly curl: string
}

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
  /** When each token ends that the run got, as Keystone writes it. */
  readonly tokenEnds: readonly string[]
  /** Undefined for a run whose events stop before its end. */
  readonly result: RunResult | undefined
}

type OpenRecord = Omit<RunRecord, 'result'> & {
  readonly steps: StepRecord[]
  readonly notices: string[]
  readonly tokenEnds: string[]
  result: RunResult | undefined
  /** Those of the step that is under way. */
  exchanges: ExchangeEntry[]
  timeline: Timeline | undefined
}

/** Gathers the events of all runs, in the order in which they started; their events may be mixed. */
export async function collectRuns(events: AsyncIterable<SafeEvent>): Promise<readonly RunRecord[]> {
  const runs = new Map<string, OpenRecord>()
  for await (const event of events) {
    if (event.type === 'run:start') runs.set(event.run, opened(event))
    else add(runs.get(event.run), event)
  }
  return [...runs.values()].map(({ exchanges: _exchanges, timeline: _timeline, ...run }) => run)
}

function opened(event: Extract<SafeEvent, { readonly type: 'run:start' }>): OpenRecord {
  const { recipe, file, runId, cloud, time } = event
  const empty = { steps: [], notices: [], tokenEnds: [], exchanges: [] }
  return { recipe, file, runId, cloud, time, ...empty, result: undefined, timeline: undefined }
}

function add(run: OpenRecord | undefined, event: SafeEvent): void {
  if (run === undefined) return
  switch (event.type) {
    case 'exchange':
      run.exchanges.push({ exchange: event.exchange, time: event.time, curl: event.curl })
      break
    case 'poll':
      run.timeline = withPoll(run.timeline, event)
      break
    case 'notice':
      run.notices.push(event.message)
      break
    case 'step:end': {
      const { step: id, verb, title, phase, result, allowedFailure, duration } = event
      const { exchanges, timeline } = run
      const step = { id, verb, title, phase, result, allowedFailure, duration, exchanges }
      run.steps.push({ ...step, ...(timeline && { timeline }) })
      run.exchanges = []
      run.timeline = undefined
      break
    }
    case 'run:end':
      run.result = event.result
      break
    case 'context': {
      const ends = tokenEnd(event.value)
      if (ends !== undefined) run.tokenEnds.push(ends)
      break
    }
    case 'output':
    case 'question':
    case 'run:start':
    case 'step:start':
    case 'suite:end':
      break
    default:
      event satisfies never
  }
}

// What `authenticate` tells of a token.
function tokenEnd(value: Json): string | undefined {
  if (typeof value !== 'object' || value === null || !('expires_at' in value) || !('scope' in value))
    return undefined
  return typeof value.expires_at === 'string' ? value.expires_at : undefined
}
