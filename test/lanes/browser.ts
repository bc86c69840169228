import { requireLane } from './require-lane.ts'

/** Ends the lane before its first test where there is no browser; builds the pages that it opens. */
export function setup(): void {
  requireLane('browser')
}
