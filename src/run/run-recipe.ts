import { randomBytes } from 'node:crypto'
import { createTransport } from '../http/transport.ts'
import type { Cloud } from '../model/cloud.ts'
import { errorCodes } from '../model/error-codes.ts'
import type { RunEvent, RunResult, SafeEvent, StepResult } from '../model/event.ts'
import type { Transport } from '../model/exchange.ts'
import type { Problem } from '../model/problem.ts'
import { OsrunError, toProblem } from '../model/problem.ts'
import type { Json, Recipe, RecipeStep } from '../model/recipe.ts'
import type { Verb } from '../model/step.ts'
import { resolveInputs } from '../recipe/resolve-inputs.ts'
import { createMasker } from '../secrets/masker.ts'
import { verbs as builtIn } from '../steps/index.ts'
import { cleanUp } from './cleanup.ts'
import { learnCloud } from './cloud-secrets.ts'
import { createEventBus } from './event-bus.ts'
import { referencedSteps } from './referenced-steps.ts'
import { verbOf } from './registry.ts'
import { runStep } from './run-step.ts'
import { createSender } from './sender.ts'
import type { RunParts } from './step-context.ts'
import { createTokenKeeper } from './token-keeper.ts'
import { createValues } from './values.ts'

/** How to run a recipe. */
export type RunOptions = {
  /** Whom to ask; recipes that only send requests to whole URLs need none. */
  readonly cloud?: Cloud | undefined
  /** Values of the recipe's inputs. */
  readonly inputs?: Readonly<Record<string, Json>>
  /** What `${env.NAME}` reads; nothing unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Ends the run; deferred steps and revocations still happen. */
  readonly signal?: AbortSignal
  /** Ends cleaning up as well. */
  readonly abortCleanup?: AbortSignal
  /** Milliseconds for all but cleaning up. */
  readonly deadline?: number
  /** Milliseconds for cleaning up; 30 seconds unless given. */
  readonly cleanupTimeout?: number
  /** Leaves the tokens alive at the end. */
  readonly keepTokens?: boolean
  /** Adds curl lines with the literal secrets to the events. */
  readonly reveal?: boolean
  /** Sends the requests, and stays open; unless given undici does, and the run closes it. */
  readonly transport?: Transport
  /** Epoch milliseconds; the system's clock unless given. */
  readonly now?: () => number
  /** What identifies this program; `osrun` unless given. */
  readonly userAgent?: string
  /** The language's verbs; the built-in ones unless given. */
  readonly verbs?: readonly Verb[]
}

/** A run under way: its events, masked and in order, and its result. */
export type Run = AsyncIterable<SafeEvent> & {
  /** Settles when everything is cleaned up; it never rejects for what the cloud does. */
  readonly result: Promise<RunResult>
}

/**
 * Runs a recipe. Whatever happens, deferred steps run and tokens that it made are revoked.
 *
 * @example
 * const run = runRecipe(await loadRecipe('recipes/object-metadata.yaml'), { cloud })
 * for await (const event of run) if (event.type === 'exchange') console.log(event.curl)
 * const { status } = await run.result
 */
export function runRecipe(recipe: Recipe, options: RunOptions = {}): Run {
  const masker = createMasker()
  const bus = createEventBus(masker)
  const result = perform(recipe, options, masker, bus.emit).finally(bus.end)
  // Who only iterates learns of a failure by the iteration's end; the promise still rejects for who awaits it.
  result.catch(() => {})
  return { result, [Symbol.asyncIterator]: () => bus.events[Symbol.asyncIterator]() }
}

type Outcome = {
  readonly counts: Record<StepResult['status'], number>
  readonly problem: Problem | undefined
  readonly deferred: readonly RecipeStep[]
}

async function perform(
  recipe: Recipe,
  options: RunOptions,
  masker: ReturnType<typeof createMasker>,
  emit: (event: RunEvent) => SafeEvent,
): Promise<RunResult> {
  const now = options.now ?? Date.now
  const verbs = options.verbs ?? builtIn
  const runId = randomBytes(4).toString('hex')
  const started = now()
  emit({
    type: 'run:start',
    recipe: recipe.name,
    file: recipe.file,
    runId,
    ...(recipe.description !== undefined && { description: recipe.description }),
    cloud: options.cloud?.name ?? '',
    steps: recipe.steps.length,
    time: new Date(started).toISOString(),
  })
  for (const message of options.cloud?.notes ?? []) emit({ type: 'notice', level: 'info', message })
  if (options.cloud?.tls.insecure === true)
    emit({
      type: 'notice',
      level: 'warning',
      message: 'Certificates are not verified: anybody in between can read the token.',
    })
  const inputs = resolveInputs(recipe, { values: options.inputs ?? {} })
  for (const input of recipe.inputs)
    if (input.secret) masker.learn(String(inputs[input.name]), input.name.replaceAll('-', '_'))
  learnEnvironment(recipe, options.environment ?? {}, masker)
  const transport =
    options.transport ??
    createTransport({
      tls: options.cloud?.tls ?? { insecure: false },
      environment: options.environment ?? {},
    })
  const keeper = createTokenKeeper(options.cloud, now)
  const urlNames = options.cloud === undefined ? [] : learnCloud(options.cloud, masker)
  const count = { requests: 0 }
  const parts: RunParts = {
    cloud: options.cloud,
    directory: recipe.directory,
    values: createValues({ inputs, environment: options.environment ?? {}, runId, steps: {} }),
    keeper,
    masker,
    urlNames,
    count,
    referenced: referencedSteps(recipe.steps),
    emit,
    now,
    send: createSender({
      transport,
      masker,
      cloud: options.cloud,
      userAgent: options.userAgent ?? 'osrun',
      reveal: options.reveal === true,
      urlNames,
      emit,
      now,
      mayReceiveToken: keeper.mayReceiveToken,
    }),
  }
  using limit = deadlineOf(options)
  try {
    const outcome = await runSteps(parts, verbs, recipe.steps, limit.signal)
    const [at] = recipe.steps
    const leftovers =
      at === undefined
        ? []
        : await cleanUp(parts, verbs, outcome.deferred, at, {
            timeout: options.cleanupTimeout,
            abort: options.abortCleanup,
            keepTokens: options.keepTokens === true,
          })
    const result = toResult(recipe, runId, outcome, leftovers, {
      requests: count.requests,
      duration: now() - started,
      tokens: {
        made: keeper.tokens.filter(({ state }) => state !== 'given').length,
        revoked: keeper.tokens.filter(({ state }) => state === 'revoked').length,
        kept: keeper.tokens.filter(({ state }) => state === 'live').length,
      },
    })
    const end = emit({ type: 'run:end', result, time: new Date(now()).toISOString() })
    return end.type === 'run:end' ? end.result : result
  } finally {
    if (options.transport === undefined) await transport.close()
  }
}

async function runSteps(
  parts: RunParts,
  verbs: readonly Verb[],
  steps: readonly RecipeStep[],
  signal: AbortSignal,
): Promise<Outcome> {
  const counts = { passed: 0, failed: 0, errored: 0, skipped: 0 }
  const deferred: RecipeStep[] = []
  let problem: Problem | undefined
  for (const step of steps) {
    const verb = verbOf(verbs, step.verb)
    if (problem !== undefined) {
      counts.skipped++
      const title = step.name ?? verb.title(step.input)
      const result = { status: 'skipped', reason: 'an earlier step did not pass' } as const
      parts.emit({
        type: 'step:end',
        step: step.id,
        verb: step.verb,
        title,
        phase: 'main',
        result,
        allowedFailure: false,
        duration: 0,
      })
      continue
    }
    const { result, asked } = await runStep(parts, verb, step, 'main', signal)
    counts[result.status]++
    if (result.status === 'passed' || (asked && mayHaveHappened(result))) deferred.push(...step.defer)
    if ('problem' in result && (!step.allowFailure || signal.aborted)) problem = result.problem
  }
  return { counts, problem, deferred }
}

// The server may have done what was asked although the answer was lost or lacks what is captured.
function mayHaveHappened(result: StepResult): boolean {
  if (result.status !== 'failed' && result.status !== 'errored') return false
  return [
    'TIMED_OUT',
    'CONNECTION_LOST',
    'RESPONSE_INVALID',
    'INTERRUPTED',
    'DEADLINE_PASSED',
    'CAPTURE_FAILED',
  ].includes(result.problem.code)
}

function toResult(
  recipe: Recipe,
  runId: string,
  { counts, problem }: Outcome,
  leftovers: readonly Problem[],
  rest: Pick<RunResult, 'requests' | 'duration' | 'tokens'>,
): RunResult {
  const exit =
    problem !== undefined
      ? errorCodes[problem.code].exit
      : leftovers.length > 0
        ? errorCodes.CLEANUP_FAILED.exit
        : 0
  const status =
    problem === undefined
      ? leftovers.length > 0
        ? 'failed'
        : 'passed'
      : problem.code === 'INTERRUPTED'
        ? 'interrupted'
        : exit === 4
          ? 'failed'
          : 'errored'
  return {
    recipe: recipe.name,
    file: recipe.file,
    runId,
    status,
    exit,
    steps: counts,
    ...rest,
    ...(problem && { problem }),
    leftovers,
  }
}

function deadlineOf(options: RunOptions): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController()
  const interrupt = (): void => {
    const reason: unknown = options.signal?.reason
    controller.abort(
      reason instanceof OsrunError
        ? reason
        : new OsrunError('INTERRUPTED', 'The run was interrupted.', { cause: toProblem(reason).message }),
    )
  }
  if (options.signal?.aborted === true) interrupt()
  else options.signal?.addEventListener('abort', interrupt, { once: true })
  const timer =
    options.deadline === undefined
      ? undefined
      : setTimeout(
          () =>
            controller.abort(
              new OsrunError(
                'DEADLINE_PASSED',
                `The run took longer than its deadline of ${options.deadline} ms.`,
              ),
            ),
          options.deadline,
        )
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', interrupt)
    },
  }
}

function learnEnvironment(
  recipe: Recipe,
  environment: Readonly<Record<string, string | undefined>>,
  masker: ReturnType<typeof createMasker>,
): void {
  const text = JSON.stringify(
    recipe.steps.map(({ input, defer }) => [input, defer.map((step) => step.input)]),
  )
  for (const [, name] of text.matchAll(/\$\{env\.([A-Za-z_]\w*)/g)) {
    const value = name === undefined ? undefined : environment[name]
    if (name !== undefined && value !== undefined && /PASS|SECRET|TOKEN|KEY|CREDENTIAL/i.test(name))
      masker.learn(value, name)
  }
}
