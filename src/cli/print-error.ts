import { OsrunError, toProblem } from '../model/problem.ts'
import { problemText } from '../report/problem-text.ts'
import { outputOf } from './output.ts'

/** Writes what went wrong to stderr: every problem of a whole-file check, one problem otherwise. Never a stack. */
export function printError(error: unknown): void {
  printErrorTo(process.stderr, error)
}

/** Writes what went wrong to a stream, as `printError` does. */
export function printErrorTo(stream: NodeJS.WriteStream, error: unknown): void {
  const { write, color, width } = outputOf(stream)
  const problems = error instanceof OsrunError ? error.problems : [toProblem(error)]
  for (const problem of problems) write(`${problemText(problem, { color, width })}\n`)
}
