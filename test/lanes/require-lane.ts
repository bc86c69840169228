import { buildOnce } from '../build.ts'
import { missingPrograms } from './packages.ts'

/**
 * Makes a lane ready: builds the program that its tests start.
 *
 * @throws Error with one sentence that names all packages of missing programs
 */
export function requireLane(lane: string): void {
  const missing = missingPrograms(lane)
  if (missing !== undefined) {
    const error = new Error(missing)
    // The sentence is all that there is to say.
    error.stack = missing
    throw error
  }
  buildOnce()
}
