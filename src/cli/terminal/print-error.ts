import { OsrunError, type Position, toProblem } from '../../model/problem.ts'
import { problemText } from '../../report/text/problem-text.ts'
import type { Io, OutputStream } from '../io.ts'
import { outputOf } from './output.ts'

/** Writes what went wrong to stderr: every problem of a whole-file check, one problem otherwise. Never a stack. */
export function printError(error: unknown, io: Pick<Io, 'stderr' | 'environment'>): void {
  printErrorTo(io.stderr, error, io)
}

/** Writes to stderr what is no error. */
export function printWarning(
  { at, message, hint }: { readonly at: Position; readonly message: string; readonly hint: string },
  io: Pick<Io, 'stderr' | 'environment'>,
): void {
  const { write, color, width } = outputOf(io.stderr, io)
  write(`${problemText({ code: 'warning', message, hint, at, causes: [] }, { color, width })}\n`)
}

/** Writes what went wrong to a stream, as `printError` does. */
export function printErrorTo(
  stream: OutputStream,
  error: unknown,
  io: Pick<Io, 'stderr' | 'environment'>,
): void {
  const { write, color, width } = outputOf(stream, io)
  const problems = error instanceof OsrunError ? error.problems : [toProblem(error)]
  for (const problem of problems) write(`${problemText(problem, { color, width })}\n`)
}
