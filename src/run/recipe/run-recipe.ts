import { randomBytes } from 'node:crypto'
import type { Cloud } from '../../model/cloud.ts'
import type { RunResult, SafeEvent } from '../../model/event.ts'
import type { Transport } from '../../model/exchange.ts'
import type { Gate } from '../../model/gate.ts'
import { toProblem } from '../../model/problem.ts'
import type { Json, Recipe } from '../../model/recipe.ts'
import type { Verb } from '../../model/step.ts'
import { resolveInputs } from '../../recipe/choose/resolve-inputs.ts'
import { createMasker } from '../../secrets/masker.ts'
import { cleanUp } from '../cleanup/clean-up.ts'
import { createEventBus, type EventBus } from '../events/event-bus.ts'
import { remembering } from '../gate/pass-gate.ts'
import type { LedgerPlace } from '../ledger/journal.ts'
import { environmentOf, learnRecipe } from '../masking/recipe-secrets.ts'
import type { Recorder } from '../recording/recorder.ts'
import { refuseScripts } from '../script/step-script.ts'
import { transportFor } from '../send/transports.ts'
import { givenBy } from '../step/file-permission.ts'
import type { RunParts } from '../step/step-context.ts'
import type { SharedTokens } from '../tokens/shared-tokens.ts'
import type { Ask, Wait } from '../wait.ts'
import { createParts } from './create-parts.ts'
import { tellOutputs } from './outputs.ts'
import { limitRun } from './run-limit.ts'
import { toRunResult } from './run-result.ts'
import { runSteps } from './run-steps.ts'

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
  /** Refuses every request that could change something; tokens are made and revoked all the same. */
  readonly readOnly?: boolean
  /** Where what the run creates is written down before it is created; nowhere unless given. */
  readonly ledger?: LedgerPlace
  /** Lets the recipe run scripts, as whoever runs it. */
  readonly allowRun?: boolean
  /**
   * Folders whose files the recipe may send and write, besides those of its own folder and those that inputs with
   * `format: path` name.
   */
  readonly allowFiles?: readonly string[]
  /**
   * Does not let it use the files that its inputs name: they are not those of whoever runs it.
   * @internal
   */
  readonly strangeInputs?: boolean
  /**
   * The tokens that this run has in common with others; whoever made them revokes them.
   * @internal
   */
  readonly shared?: SharedTokens
  /** Adds to the events what the options of each curl line are for. */
  readonly explainCurl?: boolean
  /** Sends the requests; undici unless given. A given one stays open after the run. */
  readonly transport?: Transport
  /** Epoch milliseconds; the system's clock unless given. */
  readonly now?: () => number
  /** From 0 to 1, for the waits between retries; Math.random unless given. */
  readonly random?: () => number
  /** Waits so many milliseconds, or until the signal aborts and then rejects; by the system's clock unless given. */
  readonly wait?: Wait
  /** Waits for Enter at a `pause` with a question; without it nobody is asked, and the run goes on. */
  readonly ask?: Ask | undefined
  /**
   * Asked before and after each step, while the deadline stands still; without it nothing stops.
   * @internal
   */
  readonly gate?: Gate | undefined
  /** What identifies this program; `osrun` unless given. */
  readonly userAgent?: string
  /** The text of `${run.id}`, lower-case hex; a new one unless given. */
  readonly runId?: string
  /** Keeps what is sent and answered. */
  readonly record?: Recorder | undefined
  /**
   * The language's verbs; the built-in ones unless given.
   * @internal
   */
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
  const masker = createMasker((secret) => {
    options.record?.learn(secret)
    options.shared?.masker.learn(secret)
  })
  const runId = options.runId ?? randomBytes(4).toString('hex')
  const bus = createEventBus(masker, runId)
  const result = perform(recipe, options, { masker, runId, emit: bus.emit })
    .catch((error) => {
      bus.emit({ type: 'problem', problem: { ...toProblem(error), from: 'run' } })
      throw error
    })
    .finally(bus.end)
  // Who only iterates learns of a failure by the iteration's end; the promise still rejects for who awaits it.
  result.catch(() => {})
  return { result, [Symbol.asyncIterator]: () => bus.events[Symbol.asyncIterator]() }
}

/**
 * What a run tells by, and how it hides secrets.
 * @internal
 */
export type RunTools = {
  readonly masker: ReturnType<typeof createMasker>
  readonly runId: string
  readonly emit: EventBus['emit']
}

async function perform(
  recipe: Recipe,
  options: RunOptions,
  { masker, runId, emit: tell }: RunTools,
): Promise<RunResult> {
  const now = options.now ?? Date.now
  const started = now()
  const { emit, take } = options.gate === undefined ? { emit: tell, take: () => [] } : remembering(tell)
  const tools = { masker, runId, emit }
  tellStart(recipe, options, started, tools)
  refuseScripts(recipe.steps, { allowRun: options.allowRun === true, readOnly: options.readOnly === true })
  const given = givenBy(options.inputs ?? {}, recipe)
  const inputs = resolveInputs(recipe, { values: given, folder: '' })
  learnRecipe(recipe, inputs, options.environment ?? {}, masker)
  const transport = options.transport ?? transportFor(options)
  options.record?.begin({
    run: runId,
    recipe: recipe.name,
    file: recipe.file,
    started,
    inputs,
    environment: environmentOf(recipe, options.environment ?? {}),
  })
  let curl: string | undefined
  const onCurl = (text: string): void => {
    curl = text
  }
  const parts = createParts(recipe, options, { ...tools, transport, given, inputs, started, onCurl })
  using limit = limitRun(options)
  try {
    const ended = await runSteps(parts, recipe, limit, {
      curl: () => curl,
      gating: options.gate && { gate: options.gate, take },
    })
    const { outputs, problem } = tellOutputs(recipe, ended.problem, parts, emit)
    const outcome = { ...ended, problem }
    const [at] = recipe.steps
    const leftovers =
      at === undefined
        ? []
        : await cleanUp(parts, outcome.deferred, at, {
            timeout: options.cleanupTimeout,
            abort: options.abortCleanup,
            keepTokens: options.keepTokens === true,
          })
    await parts.ledger?.close(outcome.problem === undefined && leftovers.length === 0)
    const result = toRunResult(recipe, runId, outcome, leftovers, {
      ...(outputs && { outputs }),
      requests: parts.count.requests,
      duration: now() - started,
      tokens: tokensOf(parts.keeper),
    })
    return emit({ type: 'run:end', result, time: new Date(now()).toISOString() }).result
  } finally {
    if (options.transport === undefined) await transport.close()
  }
}

function tellStart(recipe: Recipe, options: RunOptions, started: number, { runId, emit }: RunTools): void {
  emit({
    type: 'run:start',
    recipe: recipe.name,
    file: recipe.file,
    runId,
    ...(recipe.description !== undefined && { description: recipe.description }),
    tags: recipe.tags,
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
}

function tokensOf({ tokens }: RunParts['keeper']): RunResult['tokens'] {
  const [live, revoked] = ['live', 'revoked'].map((one) => tokens.filter(({ state }) => state === one).length)
  return { made: (live ?? 0) + (revoked ?? 0), revoked: revoked ?? 0, kept: live ?? 0 }
}
