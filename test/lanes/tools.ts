import { requireLane } from './require-lane.ts'

/** Ends the lane before its first test where a program is missing; builds the program that the tests start. */
export function setup(): void {
  requireLane('tools')
}
