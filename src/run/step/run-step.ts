import type { Mismatch, StepResult } from '../../model/event.ts'
import type { HttpResponse } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError, type Problem, toProblem, withMessage } from '../../model/problem.ts'
import type { Capture, Json, RecipeStep } from '../../model/recipe.ts'
import { queryJson } from '../../recipe/template/json-path.ts'
import { isQuickPattern, withTimeLimit } from '../../recipe/time-limit.ts'
import { jsonText } from '../../util/parse-json.ts'
import { isSecretName } from '../../util/secret-names.ts'
import { learnValue } from '../masking/recipe-secrets.ts'
import { shorten } from '../masking/shorten.ts'
import { captureLine } from './paste-lines.ts'
import { poll } from './poll.ts'
import type { ResponseValue } from './response-value.ts'
import { toResponseValue } from './response-value.ts'
import type { RunParts } from './run-parts.ts'
import { createStepContext, StepFailed } from './step-context.ts'
import type { Task } from './task.ts'

/** How a step ended. */
export type StepOutcome = {
  readonly result: StepResult
  /** Whether what the step asks for was done, or may have been: what it defers must run then. */
  readonly happened: boolean
}

/** Runs one step and tells its start and end. Whatever the step throws becomes its result. */
export async function runStep(parts: RunParts, task: Task): Promise<StepOutcome> {
  const { step, verb, phase } = task
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
  const { result, answer } = await outcomeOf(parts, task)
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
  const asked = parts.count.requests > before
  return {
    result,
    happened: result.status === 'passed' || (asked && mayHaveHappened(result, answer?.status)),
  }
}

// The answer was lost, lacks what is captured, never became right, is a success other than the expected one, or says only that
// the server failed at some point.
function mayHaveHappened(result: StepResult, status: number | undefined): boolean {
  if (result.status !== 'failed' && result.status !== 'errored') return false
  const { code } = result.problem
  if (code === 'STATUS_UNEXPECTED') return status !== undefined && (status < 400 || status >= 500)
  return [
    'TIMED_OUT',
    'CONNECTION_LOST',
    'RESPONSE_INVALID',
    'INTERRUPTED',
    'DEADLINE_PASSED',
    'CAPTURE_FAILED',
    'UNTIL_UNMET',
    'FAIL_IF_MET',
  ].includes(code)
}

async function outcomeOf(
  parts: RunParts,
  { step, verb, signal }: Task,
): Promise<{ readonly result: StepResult; readonly answer: HttpResponse | undefined }> {
  using limit = timeLimit(signal, step)
  let last: HttpResponse | undefined
  try {
    const context = createStepContext(parts, step, limit.signal, (response) => {
      last = response
    })
    if (limit.signal.aborted) throw limit.signal.reason
    if (step.polling === undefined) await verb.run(step, context)
    else await poll(parts, { step, verb, polling: step.polling }, context)
    remember(parts, step, last)
    const missing = captureAll(parts, step)
    if (missing.length > 0) throw new StepFailed(missing, 'CAPTURE_FAILED', undefined)
    return { result: { status: 'passed' }, answer: last }
  } catch (error) {
    remember(parts, step, last)
    if (error instanceof StepFailed) {
      // What is deferred may need what it undoes by name.
      if (error.code === 'STATUS_UNEXPECTED' && step.defer.length > 0) captureAll(parts, step)
      return { result: failed(parts, step, error), answer: last }
    }
    const cause = limit.signal.aborted ? limit.signal.reason : error
    const problem = toProblem(cause)
    const placed = problem.at === undefined ? { ...problem, at: step.at } : problem
    const result: StepResult =
      problem.code === 'EXPECTATION_FAILED'
        ? { status: 'failed', problem: placed, mismatches: [] }
        : { status: 'errored', problem: placed }
    return { result, answer: last }
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
  const problem: Problem = {
    code,
    message: code,
    at: first?.at ?? step.at,
    ...(hint !== undefined && { hint }),
    causes: [],
  }
  if (first === undefined) return { status: 'failed', mismatches, problem }
  const { subject, expected, found } = first
  const told = phrase`${subject}: expected ${expected}, found ${found}${more}${detail}.`
  return { status: 'failed', mismatches, problem: withMessage(problem, () => told) }
}

function remember(parts: RunParts, step: RecipeStep, response: HttpResponse | undefined): void {
  if (response === undefined) return
  const steps = parts.values.get('steps') as Record<string, unknown>
  const id = step.roundOf ?? step.id
  if (parts.referenced.has(id)) steps[id] = { response: toResponseValue(response, parts.now()) }
}

/** Sets what is there, and tells what is not. */
function captureAll(parts: RunParts, step: RecipeStep): readonly Mismatch[] {
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
    if (capture.secret === true || isSecretName(fieldOf(capture.from)))
      learnValue(value as Json, capture.name.replaceAll('-', '_'), parts.masker)
    parts.values.set(capture.name, value)
    const shown = typeof value === 'object' ? value : String(value)
    const paste = parts.read.has(capture.name) ? captureLine(parts, capture, value) : undefined
    if (paste !== undefined) nameValue(parts, capture.name, value)
    parts.emit({
      type: 'context',
      step: step.id,
      name: capture.name,
      value: shown as never,
      ...(paste !== undefined && { paste }),
    })
  }
  return mismatches
}

// What cannot be taken for anything else is a variable in the lines after it: whoever pastes them gets another value.
function nameValue({ urlNames }: RunParts, name: string, value: unknown): void {
  const variable = name.replaceAll('-', '_')
  if (typeof value !== 'string' || value.length < 8 || !/\d/.test(value)) return
  const index = urlNames.findIndex((known) => known.variable === variable)
  urlNames.splice(index < 0 ? urlNames.length : index, index < 0 ? 0 : 1, { value, variable, secret: true })
}

// The last name of a JSONPath or of `headers.NAME`.
function fieldOf(from: string): string {
  return /([\w-]+)[^\w-]{0,3}$/.exec(from.slice(-200))?.[1] ?? ''
}

function captured(capture: Capture, response: ResponseValue | undefined): unknown {
  if (response === undefined) return undefined
  const value = capturedFrom(capture.from, response)
  if (value === undefined || capture.pattern === undefined) return value
  const text = typeof value === 'string' ? value : jsonText(value)
  const { pattern } = capture
  const match = (): RegExpExecArray | null => new RegExp(pattern, 'u').exec(text)
  const found = isQuickPattern(pattern, text) ? match() : withTimeLimit(`The pattern ${pattern}`, match)
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

/** The signal of a step: aborted also when its time-out passes. */
export function timeLimit(
  signal: AbortSignal,
  step: RecipeStep,
): Disposable & { readonly signal: AbortSignal } {
  if (step.timeout === undefined) return { signal, [Symbol.dispose]() {} }
  const controller = new AbortController()
  const timer = setTimeout(
    () =>
      controller.abort(
        new OsrunError(
          'TIMED_OUT',
          phrase`The step took longer than its time-out of ${String(step.timeout)} ms.`,
          {
            at: step.at,
          },
        ),
      ),
    step.timeout,
  )
  return { signal: AbortSignal.any([signal, controller.signal]), [Symbol.dispose]: () => clearTimeout(timer) }
}
