import type { Output } from '../../model/reporter.ts'

/** The columns for prose: those of the terminal, and no more than one reads with ease. */
export function roomOf({ width }: Output): number {
  return Math.min(width, 100)
}
