import type { Change, Mismatch } from '../../model/event.ts'
import { OsrunError } from '../../model/problem.ts'
import type { PlacedValue, Polling, RecipeStep } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import { written } from '../../recipe/describe.ts'
import type { Observation } from '../../steps/assert/observe.ts'
import { observe } from '../../steps/assert/observe.ts'
import { isMapping } from '../../steps/input.ts'
import { toSeconds } from '../../util/duration.ts'
import { shorten } from '../masking/shorten.ts'
import type { RunParts } from './run-parts.ts'
import { createStepContext, StepFailed } from './step-context.ts'
import type { Task } from './task.ts'

/** What is done again and again. */
type Polled = Pick<Task, 'step' | 'verb'> & { readonly polling: Polling }

/**
 * Runs a step's verb again and again until its `until` holds, and tells each time what has changed. Ends it as failed
 * when `fail-if` holds, or when the step's time-out passes: `signal` is aborted by that, and by all that ends the run.
 */
export async function poll(parts: RunParts, polled: Polled, context: StepContext): Promise<void> {
  const { step, polling } = polled
  const { signal } = context
  const started = parts.now()
  const deadline = started + (step.timeout ?? Number.POSITIVE_INFINITY)
  const until = observer(parts, step, polling.until, signal)
  const failIf = polling.failIf && observer(parts, step, polling.failIf, signal)
  const changesOf = createChanges(parts)
  let last: readonly Observation[] = []
  let attempt = 0
  try {
    for (;;) {
      await runTolerantly(polled, context)
      const wanted = until()
      const fatal = failIf?.() ?? []
      last = wanted
      attempt++
      const after = parts.now() - started
      parts.emit({ type: 'poll', step: step.id, attempt, after, changes: changesOf([...wanted, ...fatal]) })
      if (fatal.length > 0 && fatal.every(holds)) throw failed(fatal, context, polling)
      if (wanted.every(holds)) return
      if (parts.now() + polling.every > deadline) break
      await parts.wait(polling.every, signal)
    }
  } catch (error) {
    if (attempt === 0 || error instanceof StepFailed || !hasTimedOut(signal)) throw error
  }
  const times = `${attempt} ${attempt === 1 ? 'time' : 'times'}`
  throw new StepFailed(
    last.flatMap(({ mismatches }) => mismatches),
    'UNTIL_UNMET',
    'A longer "timeout" waits longer; -v shows every answer.',
    `, asked ${times} in ${toSeconds(parts.now() - started)}`,
  )
}

// A status that `until` waits for, or waits to be over, is no error, unless `expect` says which ones are none.
async function runTolerantly({ verb, step, polling }: Polled, context: StepContext): Promise<void> {
  const { until } = polling
  try {
    await verb.run(step, context)
  } catch (error) {
    const speaksOfStatus = isMapping(until.value) && until.value.status !== undefined
    const hasExpect = isMapping(step.input) && step.input.expect !== undefined
    const isStatus = error instanceof StepFailed && error.code === 'STATUS_UNEXPECTED'
    if (!isStatus || !speaksOfStatus || hasExpect) throw error
  }
}

function observer(
  parts: RunParts,
  step: RecipeStep,
  { value, locate }: PlacedValue,
  signal: AbortSignal,
): () => readonly Observation[] {
  const assertion = { ...step, input: value, locate }
  const context = createStepContext(parts, assertion, signal, () => {})
  return () => observe(assertion, context)
}

// How long an answer took is another thing each time, and nothing that changes.
function createChanges(parts: RunParts): (observations: readonly Observation[]) => readonly Change[] {
  const known = new Map<string, string>()
  return (observations) =>
    observations.flatMap(({ subject, found }) => {
      const text = textOf(found)
      if (subject === 'duration' || known.get(subject) === text) return []
      known.set(subject, text)
      return [{ subject, found: shorten(text, parts.masker) }]
    })
}

function failed(fatal: readonly Observation[], context: StepContext, { failIf }: Polling): StepFailed {
  const mismatches = fatal.map(
    ({ subject, path, expected, found }): Mismatch => ({
      subject,
      expected: `anything but ${written(expected)}`,
      found: textOf(found),
      at: failIf?.locate(path) ?? context.locate([]),
    }),
  )
  return new StepFailed(mismatches, 'FAIL_IF_MET', undefined)
}

function holds({ mismatches }: Observation): boolean {
  return mismatches.length === 0
}

function hasTimedOut({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof OsrunError && reason.code === 'TIMED_OUT'
}

function textOf(found: unknown): string {
  return found === undefined ? 'nothing there' : written(found)
}
