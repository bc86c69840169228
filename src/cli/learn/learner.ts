import type { Output } from '../../model/reporter.ts'
import type { Paint } from '../../report/text/paint.ts'

/** One of several things to do or to answer. */
export type Choice<T extends string = string> = {
  readonly value: T
  readonly label: string
  readonly hint?: string
}

/** Whoever goes through a lesson: somebody at a terminal, or an audience that only looks. */
export type Learner = {
  /** Columns to write in. */
  readonly width: number
  readonly paint: Paint
  /** Whether nobody answers: the first choice is always taken, after a pause. */
  readonly isAudience: boolean
  /** Shows text, which ends with a line break. */
  say(text: string): void
  /** Lets one of the choices be taken, `initial` or else the first by Enter alone; undefined for whoever wants to leave. */
  choose<T extends string>(
    question: string,
    choices: readonly Choice<T>[],
    initial?: T,
  ): Promise<T | undefined>
  /** Asks for a line of text; undefined for whoever wants to leave. */
  ask(question: string): Promise<string | undefined>
  /** Gives time to read. */
  pause(): Promise<void>
}

/** The columns for prose: those of the terminal, and no more than one reads with ease. */
export function roomOf({ width }: Output): number {
  return Math.min(width, 100)
}
