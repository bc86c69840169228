import type { ExchangeRecord, Phase, RunResult, SafeEvent, StepResult, SuiteResult } from '../model/event.ts'
import type { Position, SourcedProblem } from '../model/problem.ts'
import type { Json } from '../model/recipe.ts'
import { claimsOf } from './claims.ts'
import { type Timeline, withPoll } from './text/timeline.ts'

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
  readonly note?: string
  readonly phase: Phase
  /** Where the step stands in its recipe. */
  readonly at?: Position
  /** When it began, ISO 8601. */
  readonly time?: string
  readonly result: StepResult
  readonly allowedFailure: boolean
  /** Milliseconds. */
  readonly duration: number
  readonly exchanges: readonly ExchangeEntry[]
  /** What the step named, in order. */
  readonly values: readonly { readonly name: string; readonly value: Json }[]
  readonly notices: readonly string[]
  /** Of a step with `until`. */
  readonly timeline?: Timeline
}

/** One run as reports tell it. */
export type RunRecord = {
  readonly recipe: string
  readonly file: string
  readonly runId: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly cloud: string
  readonly region: string
  readonly interface: string
  readonly time: string
  readonly steps: readonly StepRecord[]
  /** All of the run, those of its steps included. */
  readonly notices: readonly string[]
  /** When each token ends that the run got, as Keystone writes it. */
  readonly tokenEnds: readonly string[]
  /** What kept the run from having a result. */
  readonly problem?: SourcedProblem
  /** Undefined for a run whose events stop before its end. */
  readonly result: RunResult | undefined
}

/** Several runs as reports tell them. */
export type SuiteRecord = {
  readonly runs: readonly RunRecord[]
  /** What the suite itself did after them: it revoked the tokens that they shared. */
  readonly steps: readonly StepRecord[]
  /** Undefined where events come from one recipe alone, or stop before the end. */
  readonly result: SuiteResult | undefined
  /** What went wrong besides, and is of no run. */
  readonly problems: readonly SourcedProblem[]
}

type OpenStep = Pick<StepRecord, 'note' | 'at' | 'time' | 'timeline'> & {
  readonly exchanges: ExchangeEntry[]
  readonly values: { readonly name: string; readonly value: Json }[]
  readonly notices: string[]
}

type OpenRecord = {
  readonly steps: StepRecord[]
  readonly notices: string[]
  readonly tokenEnds: string[]
  problem?: SourcedProblem
  result: RunResult | undefined
  /** What is known of the step that is under way. */
  step: OpenStep
}

type OpenRun = Omit<RunRecord, keyof OpenRecord> & OpenRecord

/**
 * Gathers the events of all runs, in the order in which they started, and how all of them ended together; the events of several
 * may be mixed.
 */
export async function collectSuite(events: AsyncIterable<SafeEvent>): Promise<SuiteRecord> {
  const runs = new Map<string, OpenRun>()
  const suite = newRecord()
  const problems: SourcedProblem[] = []
  let result: SuiteResult | undefined
  for await (const event of events) {
    if (event.type === 'run:start') runs.set(event.run, opened(event))
    else if (event.type === 'suite:end') result = event.result
    else if (event.type === 'problem' && !runs.has(event.run)) problems.push(event.problem)
    else add(event.run === '' ? suite : runs.get(event.run), event)
  }
  const told = [...runs.values()].map(({ step: _step, ...run }) => run)
  return { runs: told, steps: suite.steps, result, problems }
}

function opened(event: Extract<SafeEvent, { readonly type: 'run:start' }>): OpenRun {
  const { recipe, file, runId, description, tags, cloud, region, interface: wanted, time } = event
  const told = description === undefined ? {} : { description }
  return { recipe, file, runId, ...told, tags, cloud, region, interface: wanted, time, ...newRecord() }
}

function newRecord(): OpenRecord {
  return { steps: [], notices: [], tokenEnds: [], step: newStep(), result: undefined }
}

function newStep(begun: Pick<StepRecord, 'note' | 'at' | 'time'> = {}): OpenStep {
  return { ...begun, exchanges: [], values: [], notices: [] }
}

function add(run: OpenRecord | undefined, event: SafeEvent): void {
  if (run === undefined) return
  switch (event.type) {
    case 'exchange':
      run.step.exchanges.push({ exchange: event.exchange, time: event.time, curl: event.curl })
      break
    case 'poll':
      run.step = { ...run.step, timeline: withPoll(run.step.timeline, event) }
      break
    case 'notice':
      run.notices.push(event.message)
      if (event.step !== undefined) run.step.notices.push(event.message)
      break
    case 'step:end': {
      const { step: id, verb, title, phase, result, allowedFailure, duration } = event
      run.steps.push({ id, verb, title, phase, result, allowedFailure, duration, ...run.step })
      run.step = newStep()
      break
    }
    case 'run:end':
      settle(run, event.result)
      break
    case 'problem':
      run.problem = event.problem
      break
    case 'context': {
      run.step.values.push({ name: event.name, value: event.value })
      if ('isToken' in event && event.value.expires_at !== null) run.tokenEnds.push(event.value.expires_at)
      break
    }
    case 'step:start': {
      const { note, at, time } = event
      run.step = newStep({ ...(note !== undefined && { note }), at, time })
      break
    }
    case 'output':
    case 'question':
    case 'run:start':
    case 'suite:end':
      break
    default:
      event satisfies never
  }
}

// A step that did no harm to the result, since it was done again, is no failure.
function settle(run: OpenRecord, result: RunResult): void {
  const claims = claimsOf(run.steps, result)
  const steps = run.steps.map((step) =>
    'problem' in step.result && !claims.has(step) ? { ...step, allowedFailure: true } : step,
  )
  run.steps.splice(0, run.steps.length, ...steps)
  run.result = result
}
