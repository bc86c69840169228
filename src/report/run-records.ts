import type { ExchangeRecord, Phase, RunResult, SafeEvent, StepResult } from '../model/event.ts'

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

type OpenRecord = Omit<RunRecord, 'result'> & {
  readonly steps: StepRecord[]
  readonly notices: string[]
  result: RunResult | undefined
  /** Those of the step that is under way. */
  exchanges: ExchangeEntry[]
}

/** Gathers the events of all runs, in the order in which they started; their events may be mixed. */
export async function collectRuns(events: AsyncIterable<SafeEvent>): Promise<readonly RunRecord[]> {
  const runs = new Map<string, OpenRecord>()
  for await (const event of events) {
    if (event.type === 'run:start') runs.set(event.run, opened(event))
    else add(runs.get(event.run), event)
  }
  return [...runs.values()].map(({ exchanges: _exchanges, ...run }) => run)
}

function opened(event: Extract<SafeEvent, { readonly type: 'run:start' }>): OpenRecord {
  const { recipe, file, runId, cloud, time } = event
  return { recipe, file, runId, cloud, time, steps: [], notices: [], result: undefined, exchanges: [] }
}

function add(run: OpenRecord | undefined, event: SafeEvent): void {
  if (run === undefined) return
  switch (event.type) {
    case 'exchange':
      run.exchanges.push({ exchange: event.exchange, curl: event.curl })
      break
    case 'notice':
      run.notices.push(event.message)
      break
    case 'step:end': {
      const { step: id, verb, title, phase, result, allowedFailure, duration } = event
      run.steps.push({ id, verb, title, phase, result, allowedFailure, duration, exchanges: run.exchanges })
      run.exchanges = []
      break
    }
    case 'run:end':
      run.result = event.result
      break
    case 'run:start':
    case 'step:start':
    case 'context':
    case 'suite:end':
      break
    default:
      event satisfies never
  }
}
