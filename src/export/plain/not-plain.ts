import type { Position } from '../../model/problem.ts'
import { OsrunError } from '../../model/problem.ts'

/** The refusal of what a plain script has no words for: `what` is a noun with its article. */
export function notPlain(what: string, at: Position | undefined): OsrunError {
  return new OsrunError('EXPORT_IMPOSSIBLE', `${what} cannot be written in a plain script.`, {
    at,
    hint: '`osrun export` without --plain writes the robust script, which can do more.',
  })
}
