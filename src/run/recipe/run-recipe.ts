import { randomBytes } from 'node:crypto'
import type { RunResult, SafeEvent } from '../../model/event.ts'
import { toProblem } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import { resolveInputs } from '../../recipe/choose/resolve-inputs.ts'
import { createMasker } from '../../secrets/masker.ts'
import { cleanUp } from '../cleanup/clean-up.ts'
import { createChannel } from '../events/channel.ts'
import { createEmitter } from '../events/event-bus.ts'
import { remembering } from '../gate/pass-gate.ts'
import { environmentOf, learnRecipe } from '../masking/recipe-secrets.ts'
import { refuseScripts } from '../script/step-script.ts'
import { transportFor } from '../send/transports.ts'
import { givenBy } from '../step/file-permission.ts'
import type { RunParts } from '../step/run-parts.ts'
import { createParts } from './create-parts.ts'
import { tellOutputs } from './outputs.ts'
import { limitRun } from './run-limit.ts'
import type { RunOptions, RunTools } from './run-options.ts'
import { toRunResult } from './run-result.ts'
import { runSteps } from './run-steps.ts'

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
  const channel = createChannel<SafeEvent>()
  const result = runInto(channel.push, recipe, options).finally(channel.end)
  // Who only iterates learns of a failure by the iteration's end; the promise still rejects for who awaits it.
  result.catch(() => {})
  return { result, [Symbol.asyncIterator]: () => channel[Symbol.asyncIterator]() }
}

/** Runs a recipe as `runRecipe`, and pushes its events where the caller says. */
export async function runInto(
  push: (event: SafeEvent) => void,
  recipe: Recipe,
  options: RunOptions,
): Promise<RunResult> {
  const masker = createMasker((secret) => {
    options.record?.learn(secret)
    options.shared?.masker.learn(secret)
  })
  const runId = options.runId ?? randomBytes(4).toString('hex')
  const emit = createEmitter(masker, runId, push)
  try {
    return await perform(recipe, options, { masker, runId, emit })
  } catch (error) {
    emit({ type: 'problem', problem: { ...toProblem(error), from: 'run' } })
    throw error
  }
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
  options.record?.begin(
    {
      run: runId,
      recipe: recipe.name,
      file: recipe.file,
      started,
      inputs,
      environment: environmentOf(recipe, options.environment ?? {}),
    },
    recipe.inputs.filter(({ secret }) => secret).map(({ name }) => name),
  )
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
    const result = toRunResult(recipe, outcome, {
      runId,
      leftovers,
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
    region: options.cloud?.region ?? '',
    interface: options.cloud?.interfaces[0] ?? '',
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
