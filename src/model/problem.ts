import type { ErrorCode } from './error-codes.ts'
import type { Phrase } from './phrase.ts'

/** A place in a file: 1-based line and column, and the text of that line for drawing a caret. */
export type Position = {
  readonly file: string
  readonly line: number
  readonly column: number
  /** How many characters the caret underlines; 1 when absent. */
  readonly length?: number
  /** The whole line, without its line break. */
  readonly source?: string
}

/** Where a problem keeps the phrases that its message and its hint were made of; no JSON has it. */
export const phrases: unique symbol = Symbol('phrases')

/** What went wrong, as plain data: fit for an event, a report or a terminal. */
export type Problem = {
  readonly code: ErrorCode
  /** One sentence: what was expected and what was found. */
  readonly message: string
  readonly at?: Position
  /** What to do about it. */
  readonly hint?: string
  /** The messages of the underlying errors, nearest first. */
  readonly causes: readonly string[]
  readonly [phrases]?: readonly Phrase[]
}

/**
 * Where a problem comes from: a step, the outputs of a recipe, a run as a whole, cleaning up, several runs together, a report
 * or the output that could not be written.
 */
export type ProblemSource = 'step' | 'outputs' | 'run' | 'cleanup' | 'suite' | 'report'

/** A problem as a result holds it, with where it comes from. */
export type SourcedProblem = Problem & {
  readonly from: ProblemSource
  /** The id of the step, as its recipe has it; of cleaning up that of the deferred step. */
  readonly step?: string
}

/** The only error that osrun throws. Everything that comes from a library is wrapped where it enters. */
export class OsrunError extends Error {
  override readonly name = 'OsrunError'
  readonly code: ErrorCode
  readonly at: Position | undefined
  readonly hint: string | undefined
  readonly [phrases]: readonly Phrase[]
  /** All problems of a whole-file check; just this one elsewhere. */
  readonly problems: readonly Problem[]

  constructor(
    code: ErrorCode,
    message: string | Phrase,
    details: {
      readonly at?: Position | undefined
      readonly hint?: string | Phrase | undefined
      readonly cause?: unknown
      readonly problems?: readonly Problem[]
    } = {},
  ) {
    super(textOf(message), details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.at = details.at
    this.hint = details.hint === undefined ? undefined : textOf(details.hint)
    this[phrases] = [message, details.hint].filter((text) => typeof text === 'object')
    this.problems = details.problems ?? [toProblem(this)]
  }
}

/** Turns anything thrown into plain data; what is not an OsrunError becomes `INTERNAL`. */
export function toProblem(error: unknown): Problem {
  if (error instanceof OsrunError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.at && { at: error.at }),
      ...(error.hint !== undefined && { hint: error.hint }),
      causes: causesOf(error.cause),
      ...(error[phrases].length > 0 && { [phrases]: error[phrases] }),
    }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'INTERNAL', message, causes: error instanceof Error ? causesOf(error.cause) : [] }
}

/** The problem with another message, which may hold the one that it had. */
export function withMessage(problem: Problem, message: (before: string | Phrase) => Phrase): Problem {
  const known = problem[phrases] ?? []
  const next = message(known.find(({ text }) => text === problem.message) ?? problem.message)
  return { ...problem, message: next.text, [phrases]: [...known, next] }
}

function textOf(text: string | Phrase): string {
  return typeof text === 'string' ? text : text.text
}

function causesOf(cause: unknown): readonly string[] {
  const messages: string[] = []
  for (let next = cause, depth = 0; next !== undefined && next !== null && depth < 8; depth++) {
    messages.push(next instanceof Error ? next.message : String(next))
    next = next instanceof Error ? next.cause : undefined
  }
  return messages
}

/** Problems, each of them once: a file that is included several times has the same ones each time. */
export function withoutRepeats(problems: readonly Problem[]): readonly Problem[] {
  const key = ({ at, message }: Problem): string => `${at?.file}:${at?.line}:${at?.column} ${message}`
  return [...new Map(problems.map((problem) => [key(problem), problem])).values()]
}
