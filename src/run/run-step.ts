import type { Mismatch, Phase, StepResult } from '../model/event.ts'
import type { HttpResponse } from '../model/exchange.ts'
import { OsrunError, toProblem } from '../model/problem.ts'
import type { Capture, RecipeStep } from '../model/recipe.ts'
import type { Verb } from '../model/step.ts'
import { queryJson } from '../recipe/json-path.ts'
import { poll } from './poll.ts'
import type { ResponseValue } from './response-value.ts'
import { toResponseValue } from './response-value.ts'
import { shorten } from './shorten.ts'
import type { RunParts } from './step-context.ts'
import { createStepContext, StepFailed } from './step-context.ts'

/** A step's result, and whether any request of it was answered or lost on the way. */
export type StepOutcome = { readonly result: StepResult; readonly asked: boolean }

/** Runs one step and tells its start and end. Whatever the step throws becomes its result. */
export async function runStep(
  parts: RunParts,
  verb: Verb,
  step: RecipeStep,
  phase: Phase,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const started = parts.now()
  const title = step.name ?? verb.title(step.input)
  parts.emit({
    type: 'step:start',
    step: step.id,
    verb: step.verb,
    title,
    ...(step.note !== undefined && { note: step.note }),
    phase,
    at: step.at,
    time: new Date(started).toISOString(),
  })
  const before = parts.count.requests
  const result = await outcomeOf(parts, verb, step, signal)
  parts.emit({
    type: 'step:end',
    step: step.id,
    verb: step.verb,
    title,
    phase,
    result,
    allowedFailure: step.allowFailure && result.status !== 'passed',
    duration: parts.now() - started,
  })
  return { result, asked: parts.count.requests > before }
}

async function outcomeOf(
  parts: RunParts,
  verb: Verb,
  step: RecipeStep,
  signal: AbortSignal,
): Promise<StepResult> {
  using limit = timeLimit(signal, step)
  let last: HttpResponse | undefined
  try {
    const context = createStepContext(parts, step, limit.signal, (response) => {
      last = response
    })
    if (limit.signal.aborted) throw limit.signal.reason
    if (step.polling === undefined) await verb.run(step, context)
    else await poll(parts, verb, step, step.polling, context)
    remember(parts, step, last)
    captureAll(parts, step)
    return { status: 'passed' }
  } catch (error) {
    remember(parts, step, last)
    if (error instanceof StepFailed) return failed(parts, step, error)
    const cause = limit.signal.aborted ? limit.signal.reason : error
    const problem = toProblem(cause)
    const placed = problem.at === undefined ? { ...problem, at: step.at } : problem
    if (problem.code === 'EXPECTATION_FAILED') return { status: 'failed', problem: placed, mismatches: [] }
    return { status: 'errored', problem: placed }
  }
}

function failed({ masker }: RunParts, step: RecipeStep, error: StepFailed): StepResult {
  const { code, hint, detail } = error
  const mismatches = error.mismatches.map((mismatch) => ({
    ...mismatch,
    expected: shorten(mismatch.expected, masker),
    found: shorten(mismatch.found, masker),
  }))
  const [first] = mismatches
  const more = mismatches.length > 1 ? ` (and ${mismatches.length - 1} more)` : ''
  return {
    status: 'failed',
    mismatches,
    problem: {
      code,
      message: first
        ? `${first.subject}: expected ${first.expected}, found ${first.found}${more}${detail}.`
        : code,
      at: first?.at ?? step.at,
      ...(hint !== undefined && { hint }),
      causes: [],
    },
  }
}

function remember(parts: RunParts, step: RecipeStep, response: HttpResponse | undefined): void {
  if (response === undefined) return
  const steps = parts.values.get('steps') as Record<string, unknown>
  const id = step.roundOf ?? step.id
  if (parts.referenced.has(id)) steps[id] = { response: toResponseValue(response) }
}

function captureAll(parts: RunParts, step: RecipeStep): void {
  const mismatches: Mismatch[] = []
  for (const capture of step.captures) {
    const value = captured(capture, parts.values.get('response') as ResponseValue | undefined)
    if (value === undefined) {
      const what = capture.pattern === undefined ? capture.from : `${capture.from} with ${capture.pattern}`
      mismatches.push({
        subject: `capture ${capture.name}`,
        expected: `something at ${what}`,
        found: 'nothing there',
        at: capture.at,
      })
      continue
    }
    parts.values.set(capture.name, value)
    const shown = typeof value === 'object' ? value : String(value)
    parts.emit({ type: 'context', step: step.id, name: capture.name, value: shown as never })
  }
  if (mismatches.length > 0) throw new StepFailed(mismatches, 'CAPTURE_FAILED', undefined)
}

function captured(capture: Capture, response: ResponseValue | undefined): unknown {
  if (response === undefined) return undefined
  const value = capturedFrom(capture.from, response)
  if (value === undefined || capture.pattern === undefined) return value
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const found = new RegExp(capture.pattern, 'u').exec(text)
  return found === null ? undefined : (found[1] ?? found[0])
}

function capturedFrom(from: string, response: ResponseValue): unknown {
  if (from === 'status') return response.status
  if (from === 'body') return response.body
  if (from.startsWith('headers.')) return response.headers[from.slice('headers.'.length).toLowerCase()]
  const { singular, nodes } = queryJson(response.json, from)
  if (singular) return nodes[0]
  return nodes.length === 0 ? undefined : nodes
}

function timeLimit(signal: AbortSignal, step: RecipeStep): Disposable & { readonly signal: AbortSignal } {
  if (step.timeout === undefined) return { signal, [Symbol.dispose]() {} }
  const controller = new AbortController()
  const timer = setTimeout(
    () =>
      controller.abort(
        new OsrunError('TIMED_OUT', `The step took longer than its time-out of ${step.timeout} ms.`, {
          at: step.at,
        }),
      ),
    step.timeout,
  )
  return { signal: AbortSignal.any([signal, controller.signal]), [Symbol.dispose]: () => clearTimeout(timer) }
}
