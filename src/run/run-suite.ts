import type { RunResult, SafeEvent, SuiteResult } from '../model/event.ts'
import type { Json, Recipe } from '../model/recipe.ts'
import { createMasker } from '../secrets/masker.ts'
import { createChannel } from './channel.ts'
import { createEventBus } from './event-bus.ts'
import { createLockQueue } from './lock-queue.ts'
import { revokeShared } from './revoke-shared.ts'
import { type RunOptions, runRecipe } from './run-recipe.ts'
import { createSharedTokens } from './shared-tokens.ts'
import { suiteExit } from './suite-exit.ts'
import { transportFor } from './transport-for.ts'

/** One recipe of a suite with the values of its inputs. */
export type SuiteEntry = { readonly recipe: Recipe; readonly inputs: Readonly<Record<string, Json>> }

/** How to run several recipes. All but `jobs` and `failFast` is the same for each of them. */
export type SuiteOptions = Omit<RunOptions, 'inputs' | 'shared'> & {
  /** How many recipes run at a time; 1 unless given. Those that share a lock never do. */
  readonly jobs?: number
  /** Begin no more recipes once one did not pass. */
  readonly failFast?: boolean
}

/** Runs under way: their events, masked, those of one run in order, and their results. */
export type Suite = AsyncIterable<SafeEvent> & {
  /** Settles when everything is cleaned up; it never rejects for what the cloud does. */
  readonly result: Promise<SuiteResult>
}

/**
 * Runs recipes, several at a time, with the same connections. Those that do not revoke tokens themselves share
 * one for each user and scope, which is revoked at the end.
 */
export function runSuite(entries: readonly SuiteEntry[], options: SuiteOptions = {}): Suite {
  const channel = createChannel<SafeEvent>()
  const result = perform(entries, options, channel.push).finally(channel.end)
  // Who only iterates learns of a failure by the iteration's end; the promise still rejects for who awaits it.
  result.catch(() => {})
  return { result, [Symbol.asyncIterator]: () => channel[Symbol.asyncIterator]() }
}

async function perform(
  entries: readonly SuiteEntry[],
  options: SuiteOptions,
  push: (event: SafeEvent) => void,
): Promise<SuiteResult> {
  const now = options.now ?? Date.now
  const started = now()
  const transport = options.transport ?? transportFor(options)
  const shared = entries.length > 1 ? createSharedTokens(options.cloud, now) : undefined
  const results: (RunResult | undefined)[] = []
  try {
    await work(entries, { ...options, transport, ...(shared && { shared }) }, push, results)
    const leftovers =
      shared === undefined || options.keepTokens === true
        ? []
        : await revokeShared(shared.tokens, transport, options)
    const ended = results.filter((one) => one !== undefined)
    const result: SuiteResult = {
      results: ended,
      notRun: entries.length - ended.length,
      tokens: tokensOf(ended, shared?.tokens ?? []),
      duration: now() - started,
      leftovers,
      exit: suiteExit(ended, leftovers),
    }
    const bus = createEventBus(createMasker(), '')
    push(bus.emit({ type: 'suite:end', result, time: new Date(now()).toISOString() }))
    return result
  } finally {
    if (options.transport === undefined) await transport.close()
  }
}

async function work(
  entries: readonly SuiteEntry[],
  options: RunOptions & Pick<SuiteOptions, 'jobs' | 'failFast'>,
  push: (event: SafeEvent) => void,
  results: (RunResult | undefined)[],
): Promise<void> {
  const queue = createLockQueue(entries.map(({ recipe }) => recipe.locks))
  let hasFailed = false
  const isOver = (): boolean => hasFailed || options.signal?.aborted === true
  const worker = async (): Promise<void> => {
    for (;;) {
      const index = await queue.next()
      const entry = index === undefined ? undefined : entries[index]
      if (index === undefined || entry === undefined) return
      try {
        // Whoever takes its turn and does not use it still has to pass it on.
        if (isOver()) return
        const run = runRecipe(entry.recipe, { ...options, inputs: entry.inputs })
        for await (const event of run) push(event)
        const result = await run.result
        results[index] = result
        if (options.failFast === true && result.exit !== 0) hasFailed = true
      } finally {
        queue.release(index)
      }
    }
  }
  const jobs = Math.max(1, Math.min(options.jobs ?? 1, entries.length))
  await Promise.all(Array.from({ length: jobs }, worker))
}

function tokensOf(
  results: readonly RunResult[],
  shared: readonly { readonly state: string }[],
): SuiteResult['tokens'] {
  const sum = (key: keyof SuiteResult['tokens']): number =>
    results.reduce((total, { tokens }) => total + tokens[key], 0)
  const inState = (state: string): number => shared.filter((token) => token.state === state).length
  return {
    made: sum('made') + inState('live') + inState('revoked'),
    revoked: sum('revoked') + inState('revoked'),
    kept: sum('kept') + inState('live'),
  }
}
