import { type Context, createContext, Script } from 'node:vm'
import { phrase } from '../model/phrase.ts'
import { OsrunError } from '../model/problem.ts'

/** How long the patterns and schemas of a recipe may compute before the event loop turns again, in milliseconds. */
const longest = 1000

/**
 * Does work whose duration a recipe and an answer decide, such as matching a pattern, and gives what it gives. While it
 * computes, no signal and no deadline is heard of, so that it is ended after a second. Throws `EXPECTATION_SLOW` then, and
 * what the work throws. `subject` says what it is that took so long.
 */
export function withTimeLimit<T>(subject: string, work: () => T): T {
  const timeout = Math.ceil(longest - spent)
  if (timeout < 1) throw tooSlow(subject)
  const started = performance.now()
  runner ??= { script: new Script('work()'), context: createContext({}) }
  const { script, context } = runner
  context.work = work
  try {
    return script.runInContext(context, { timeout }) as T
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw tooSlow(subject)
  } finally {
    if (spent === 0) setImmediate(() => (spent = 0)).unref()
    spent += performance.now() - started
  }
}

/** Whether a pattern is done with a text in no time, so that no limit is needed: to set one costs more than most patterns. */
export function isQuickPattern(pattern: string, text: string): boolean {
  // Without a repetition within another, each repetition, and each choice, is made at most once at each character.
  if (/\)[*+?{]|\\[1-9k]/.test(pattern)) return false
  const choices = pattern.match(/[*+?{|]/g)?.length ?? 0
  return text.length ** (choices + 1) <= mostSteps
}

/** Some milliseconds. */
const mostSteps = 1_000_000

function tooSlow(subject: string): OsrunError {
  return new OsrunError('EXPECTATION_SLOW', phrase`${subject} computes for longer than ${longest} ms.`, {
    hint: phrase`Write a pattern so that a text fits it in one way only: ^a+$ and not ^(a+)+$.`,
  })
}

// Of this turn of the event loop.
let spent = 0
// Made when it is needed: a context costs a millisecond.
let runner: { readonly script: Script; readonly context: Context } | undefined
