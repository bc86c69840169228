import type { Cloud } from '../../model/cloud.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { FaultBoard } from '../fault-board.ts'

/** A cloud for the runs of one session. */
export type LessonCloud = {
  readonly cloud: Cloud
  /** What `${env.NAME}` reads. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What the page may break in it. */
  readonly faults?: FaultBoard
}

/** The clouds of one session. */
export type LessonClouds = AsyncDisposable & {
  /** The cloud for a recipe, which is asked for whenever it is opened; the one before may be gone then. */
  openFor(recipe: Recipe): Promise<LessonCloud>
}
