import { phrase } from '../model/phrase.ts'
import { OsrunError, toProblem } from '../model/problem.ts'

/** The error that a signal which was aborted stands for: its reason, where that is one of osrun. */
export function interruptionOf({ reason }: AbortSignal): OsrunError {
  const why: unknown = reason
  return why instanceof OsrunError
    ? why
    : new OsrunError('INTERRUPTED', phrase`The run was interrupted.`, { cause: toProblem(why).message })
}
