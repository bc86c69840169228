import type { Position } from '../model/problem.ts'
import { OsrunError } from '../model/problem.ts'

/** The refusal of what no shell script can say: `what` is a noun with its article. */
export function cannotExport(what: string, at: Position | undefined, hint?: string): OsrunError {
  return new OsrunError('EXPORT_IMPOSSIBLE', `${what} cannot be exported to a shell script.`, {
    at,
    hint: hint ?? 'docs/export.md lists what cannot; `osrun RECIPE` runs it all the same.',
  })
}
