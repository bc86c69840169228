import { errorCodes } from '../../model/error-codes.ts'
import type { RunResult } from '../../model/event.ts'
import type { Problem } from '../../model/problem.ts'

/**
 * The exit status of several runs: an interrupt first, then the first failure, then what kept others from being begun;
 * cleaning up gives way to any other.
 */
export function suiteExit(
  results: readonly RunResult[],
  leftovers: readonly Problem[],
  problem: Problem | undefined,
): number {
  const cleanup = errorCodes.CLEANUP_FAILED.exit
  const exits = results.map(({ exit }) => exit).filter((exit) => exit !== 0)
  if (problem !== undefined) exits.push(errorCodes[problem.code].exit)
  if (leftovers.length > 0) exits.push(cleanup)
  if (exits.includes(errorCodes.INTERRUPTED.exit)) return errorCodes.INTERRUPTED.exit
  return exits.find((exit) => exit !== cleanup) ?? exits[0] ?? 0
}
