import type { ErrorCode } from './error-codes.ts'

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
}

/** The only error that osrun throws. Everything that comes from a library is wrapped where it enters. */
export class OsrunError extends Error {
  override readonly name = 'OsrunError'
  readonly code: ErrorCode
  readonly at: Position | undefined
  readonly hint: string | undefined
  /** All problems of a whole-file check; just this one elsewhere. */
  readonly problems: readonly Problem[]

  constructor(
    code: ErrorCode,
    message: string,
    details: {
      readonly at?: Position | undefined
      readonly hint?: string | undefined
      readonly cause?: unknown
      readonly problems?: readonly Problem[]
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.at = details.at
    this.hint = details.hint
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
    }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'INTERNAL', message, causes: error instanceof Error ? causesOf(error.cause) : [] }
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
