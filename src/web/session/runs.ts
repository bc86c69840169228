import type { SafeEvent } from '../../model/event.ts'
import type { Problem } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import { resolveInputs } from '../../recipe/choose/resolve-inputs.ts'
import type { RunOptions } from '../../run/recipe/run-options.ts'
import { runRecipe } from '../../run/recipe/run-recipe.ts'
import type { PageMessage } from '../message.ts'
import { type LessonRun, type LessonTold, startLessonRun } from './lesson-run.ts'
import type { Place } from './place.ts'

/** What all runs of a session are given. */
export type RunsOptions = {
  readonly run: Pick<
    RunOptions,
    'allowFiles' | 'allowOrigins' | 'ledger' | 'readOnly' | 'userAgent' | 'abortCleanup'
  >
  /** Is told all that happens in the runs of all sessions. */
  readonly onEvent?: ((event: SafeEvent) => void) | undefined
}

/** A recipe with the texts of its inputs. */
export type OpenedRecipe = {
  readonly recipe: Recipe
  readonly texts: Readonly<Record<string, string>>
}

/** The runs of one session, of which one is under way at most. */
export type Runs = {
  /** Whether the run came to its end and was not put away. */
  readonly isOver: boolean
  /** What could not be cleaned up after the runs that ended. */
  readonly leftovers: readonly Problem[]
  /** Lets a run that waits go on; false where there is none, or it is over. */
  goOn(how: 'one' | 'all'): boolean
  /** Starts a run on the cloud of the place. */
  start(opened: OpenedRecipe, how: 'one' | 'all'): void
  /** Runs the check of a recipe's practice, and tells whether the task is done. */
  check(opened: OpenedRecipe, answer: string | undefined): Promise<void>
  /** Goes on after a question. */
  answer(): void
  /** Interrupts the run, and puts it away when it has cleaned up. */
  end(): Promise<void>
  /** Interrupts the run. */
  interrupt(): Promise<void> | undefined
  /** Interrupts the check of a practice, now and later. */
  abortCheck(): void
}

/** Makes the runs of a session. */
export function createRuns(options: RunsOptions, tell: (message: PageMessage) => void, place: Place): Runs {
  const leftovers: Problem[] = []
  const closing = new AbortController()
  let run: LessonRun | undefined
  const told: LessonTold = {
    event(event) {
      tell({ type: 'event', event })
      options.onEvent?.(event)
    },
    state: (state) => tell({ type: 'state', state }),
    problem: (problem) => tell({ type: 'problem', problem }),
    variables: place.write,
  }
  const settings = (recipe: Recipe, texts: OpenedRecipe['texts']): RunOptions | undefined => {
    if (place.cloud === undefined) return undefined
    const { cloud, environment } = place.cloud
    return { ...options.run, cloud, environment, inputs: resolveInputs(recipe, { flags: texts }) }
  }
  return {
    leftovers,
    get isOver() {
      return run?.state.at === 'end'
    },
    goOn(how) {
      if (run === undefined || run.state.at === 'end') return false
      run[how]()
      return true
    },
    start({ recipe, texts }, how) {
      const given = settings(recipe, texts)
      if (given) run = startLessonRun(recipe, { ...given, explainCurl: true }, told, how)
    },
    async check({ recipe: { practice }, texts }, answer) {
      if (practice === undefined) return
      const isAsked = practice.question !== undefined
      const given = settings(practice.check, { ...texts, ...(isAsked && { answer: answer ?? '' }) })
      if (given === undefined) return
      const { exit, problem } = await runRecipe(practice.check, { ...given, signal: closing.signal }).result
      // Found and expected would give the answer away.
      const hides = isAsked && (exit === 4 || exit === 5)
      tell({ type: 'practice', isDone: exit === 0, ...(problem && !hides && { problem }) })
    },
    answer: () => run?.answer(),
    async end() {
      await run?.end()
      leftovers.push(...(run?.leftovers ?? []))
      run = undefined
    },
    interrupt: () => run?.end(),
    abortCheck: () => closing.abort(),
  }
}
