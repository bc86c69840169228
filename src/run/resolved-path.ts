import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Position } from '../model/problem.ts'
import { type FilePath, leadsOut } from '../recipe/file-path.ts'
import { isWithin } from '../util/within.ts'

/**
 * Refuses a path whose links lead out of the folder that its values cannot leave. A file that is written takes the place of a
 * link of its name, so only one that is read is followed.
 *
 * @throws OsrunError VALUE_INVALID
 */
export function refuseLinks({ path, folder }: FilePath, use: 'read' | 'write', at: Position): void {
  if (folder === undefined) return
  const [inner, outer] = [use === 'read' ? path : dirname(path), folder].map(resolved)
  if (inner !== undefined && outer !== undefined && inner !== outer && !isWithin(inner, [outer]))
    throw leadsOut(path, folder, at)
}

/** A path without links; undefined where there is nothing, or nothing that can be reached. */
function resolved(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    // Whoever opens it is told why.
    return undefined
  }
}
