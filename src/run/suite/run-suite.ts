import type { RecipeNotBegun, RunResult, SafeEvent, SuiteResult } from '../../model/event.ts'
import { notBegunReasons } from '../../model/event.ts'
import { phrase } from '../../model/phrase.ts'
import type { SourcedProblem } from '../../model/problem.ts'
import { OsrunError, toProblem } from '../../model/problem.ts'
import { createMasker } from '../../secrets/masker.ts'
import { revokeShared } from '../cleanup/revoke-shared.ts'
import { createChannel } from '../events/channel.ts'
import { createEmitter } from '../events/event-bus.ts'
import { interruptionOf } from '../interruption.ts'
import type { RunOptions } from '../recipe/run-options.ts'
import { runInto } from '../recipe/run-recipe.ts'
import { transportFor } from '../send/transports.ts'
import type { Logins } from '../tokens/logins.ts'
import { createSharedTokens } from '../tokens/shared-tokens.ts'
import { createLockQueue } from './lock-queue.ts'
import { suiteExit } from './suite-exit.ts'
import type { SuiteEntry, SuiteOptions } from './suite-options.ts'

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
  const masker = createMasker()
  const emit = createEmitter(masker, '', push)
  const shared = entries.length > 1 ? createSharedTokens(options.cloud, masker, now) : undefined
  const results: (RunResult | undefined)[] = []
  try {
    const { broken, isLate, reasons } = await work(
      entries,
      { ...options, transport, ...(shared && { shared }) },
      push,
      results,
    )
    const at = entries[0]?.recipe.steps[0]?.at
    const leftovers =
      shared === undefined || options.keepTokens === true || at === undefined
        ? []
        : await revokeShared(shared, { ...options, transport, at, emit, now })
    if (broken.length > 0) {
      for (const problem of leftovers) emit({ type: 'problem', problem })
      throw broken[0]
    }
    const ended = results.filter((one) => one !== undefined)
    const problem = ended.length < entries.length ? whyNotBegun(options.signal, isLate, ended) : undefined
    const result: SuiteResult = {
      results: ended,
      notBegun: notBegunOf(entries, results, reasons, whyOver(options.signal, isLate)),
      ...(problem && { problem }),
      tokens: tokensOf(ended, shared?.keeper.tokens ?? []),
      duration: now() - started,
      leftovers,
      exit: suiteExit(ended, leftovers, problem),
    }
    return emit({ type: 'suite:end', result, time: new Date(now()).toISOString() }).result
  } finally {
    if (options.transport === undefined) await transport.close()
  }
}

/** What is left to tell of a suite's work. */
type Worked = {
  /** What those runs threw that could not go on. */
  readonly broken: readonly unknown[]
  /** Whether the deadline has passed. */
  readonly isLate: boolean
  /** Why recipes were not begun, by their index, where it is not for what ended the suite. */
  readonly reasons: ReadonlyMap<number, string>
}

// Runs all that may begin.
async function work(
  entries: readonly SuiteEntry[],
  options: RunOptions & Pick<SuiteOptions, 'jobs' | 'failFast'>,
  push: (event: SafeEvent) => void,
  results: (RunResult | undefined)[],
): Promise<Worked> {
  const { now = Date.now, signal, deadline } = options
  const until = now() + (deadline ?? Number.POSITIVE_INFINITY)
  const queue = createLockQueue(entries.map(({ recipe }) => recipe.locks))
  const broken: unknown[] = []
  const reasons = new Map<number, string>()
  let hasEnded = false
  let hasFailed = false
  // However short the deadline is, somebody has to tell of it.
  const isOver = (): boolean => hasFailed || signal?.aborted === true || (hasEnded && now() >= until)
  const worker = async (): Promise<void> => {
    for (;;) {
      const index = await queue.next()
      const entry = index === undefined ? undefined : entries[index]
      if (index === undefined || entry === undefined) return
      try {
        // Whoever takes its turn and does not use it still has to pass it on.
        if (isOver()) return
        const left = deadline === undefined ? {} : { deadline: Math.max(0, until - now()) }
        const environment = { ...options.environment, ...entry.replay?.environment }
        const own = { ...entry.replay, environment, inputs: entry.inputs }
        const run = (to: (event: SafeEvent) => void) =>
          runInto(to, entry.recipe, { ...options, ...left, ...own })
        const result = await follow(run, options.shared?.logins, push)
        if (result === undefined) {
          reasons.set(index, notBegunReasons.noToken)
          continue
        }
        results[index] = result
        if (options.failFast === true && result.exit !== 0) hasFailed = true
      } catch (error) {
        // The others have to clean up, with the connections that all of them share.
        broken.push(error)
      } finally {
        hasEnded = true
        queue.release(index)
      }
    }
  }
  const jobs = Math.max(1, Math.min(options.jobs ?? 1, entries.length))
  await Promise.all(Array.from({ length: jobs }, worker))
  return { broken, isLate: !hasFailed && now() >= until, reasons }
}

/**
 * Passes on what a run tells, and gives its result; undefined for one that had nothing to do but log in, and was spared that. Such
 * a run has not begun: what it tells is held back until it has done something.
 */
async function follow(
  run: (push: (event: SafeEvent) => void) => Promise<RunResult>,
  logins: Logins | undefined,
  push: (event: SafeEvent) => void,
): Promise<RunResult | undefined> {
  let held: SafeEvent[] | undefined = logins?.isOpen() === true ? [] : undefined
  let isSpared = false
  const release = (): void => {
    for (const event of held ?? []) push(event)
    held = undefined
  }
  try {
    const result = await run((event) => {
      if (isDeed(event)) release()
      isSpared ||= event.type === 'run:end' && held !== undefined && logins?.wasSpared(event.run) === true
      if (held === undefined) push(event)
      else held.push(event)
    })
    return isSpared ? undefined : result
  } finally {
    if (!isSpared) release()
  }
}

function isDeed(event: SafeEvent): boolean {
  return (
    event.type === 'exchange' ||
    event.type === 'question' ||
    (event.type === 'step:end' && event.result.status === 'passed')
  )
}

// What a run has met stands in its own result.
function whyNotBegun(
  signal: AbortSignal | undefined,
  isLate: boolean,
  ended: readonly RunResult[],
): SourcedProblem | undefined {
  if (signal?.aborted !== true && !isLate) return undefined
  const problem = toProblem(
    signal?.aborted === true
      ? interruptionOf(signal)
      : new OsrunError('DEADLINE_PASSED', phrase`The deadline passed before all recipes had begun.`),
  )
  return ended.some((result) => result.problem?.code === problem.code)
    ? undefined
    : { ...problem, from: 'suite' }
}

function notBegunOf(
  entries: readonly SuiteEntry[],
  results: readonly (RunResult | undefined)[],
  reasons: ReadonlyMap<number, string>,
  whyOver: string,
): readonly RecipeNotBegun[] {
  return entries.flatMap(({ recipe: { name, file } }, index) =>
    results[index] === undefined ? [{ recipe: name, file, reason: reasons.get(index) ?? whyOver }] : [],
  )
}

function whyOver(signal: AbortSignal | undefined, isLate: boolean): string {
  const { interrupted, deadline, failFast } = notBegunReasons
  return signal?.aborted === true ? interrupted : isLate ? deadline : failFast
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
