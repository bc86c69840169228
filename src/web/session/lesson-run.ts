import type { SafeEvent } from '../../model/event.ts'
import type { Problem } from '../../model/problem.ts'
import { OsrunError, toProblem } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { RunOptions } from '../../run/recipe/run-options.ts'
import { runRecipe } from '../../run/recipe/run-recipe.ts'
import type { RunState } from '../message.ts'
import { createStepGate } from './step-gate.ts'

/** A run that goes on when it is told to. */
export type LessonRun = {
  readonly state: RunState
  /** Lets the next step go; nothing where none waits. */
  one(): void
  /** Lets all steps go that are left. */
  all(): void
  /** Goes on after a question. */
  answer(): void
  /** Interrupts it where it is not over, and settles when it has cleaned up. */
  end(): Promise<void>
  /** What could not be cleaned up; empty before the end. */
  readonly leftovers: readonly Problem[]
}

/** Whom a run tells. */
export type LessonTold = {
  event(event: SafeEvent): void
  state(state: RunState): void
  problem(problem: Problem): void
  /** What curl lines read, with the secrets: for a shell, and never for the page. */
  variables(values: Readonly<Record<string, string>>): void
}

/** Starts a run that goes on to the end of its first step, or of all. */
export function startLessonRun(
  recipe: Recipe,
  options: RunOptions,
  told: LessonTold,
  first: 'one' | 'all',
): LessonRun {
  const interrupt = new AbortController()
  let state: RunState = { at: 'work' }
  let leftovers: readonly Problem[] = []
  let answered = (): void => {}
  const become = (next: RunState): void => {
    state = next
    told.state(next)
  }
  const gate = createStepGate({
    steps: recipe.steps.length,
    hasTask: recipe.practice !== undefined,
    onStep(at) {
      told.variables(at.environment())
      become({ at: 'step', step: at.step.id })
    },
    onTask(at) {
      told.variables(at.environment())
      become({ at: 'task' })
    },
    onGo: () => become({ at: 'work' }),
  })
  gate[first]()
  const run = runRecipe(recipe, {
    ...options,
    signal: interrupt.signal,
    gate,
    ask: (signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
        answered = () => {
          become({ at: 'work' })
          resolve()
        }
      }),
  })
  const follow = async (): Promise<void> => {
    for await (const event of run) {
      told.event(event)
      if (event.type === 'question') become({ at: 'question', text: event.text })
    }
    try {
      leftovers = (await run.result).leftovers
    } catch (error) {
      told.problem(toProblem(error))
    }
    become({ at: 'end' })
  }
  const ended = follow()
  return {
    get state() {
      return state
    },
    get leftovers() {
      return leftovers
    },
    one: () => (state.at === 'step' || state.at === 'task' ? gate.one() : undefined),
    all: () => gate.all(),
    answer: () => answered(),
    end() {
      gate.quit()
      interrupt.abort(new OsrunError('INTERRUPTED', 'The run was put back to its start.'))
      return ended
    },
  }
}
