import type { Plan } from '../../model/plan.ts'
import { OsrunError, type Problem, toProblem } from '../../model/problem.ts'
import type { Json, Recipe } from '../../model/recipe.ts'
import { knownInputs } from '../../recipe/choose/resolve-inputs.ts'
import type { EventStream } from '../event-stream.ts'
import type { Lesson, OpenedLesson, PageAction } from '../message.ts'
import { createAudience } from './audience.ts'
import type { LessonCloud, LessonClouds } from './lesson-cloud.ts'
import { createPlace } from './place.ts'
import { createRuns, type OpenedRecipe, type RunsOptions } from './runs.ts'
import type { ShellFile } from './shell-line.ts'

/** What the sessions of a server share. */
export type SessionOptions = RunsOptions & {
  readonly recipes: readonly Recipe[]
  /** Makes the clouds of one session. */
  clouds(): LessonClouds
  /** What a recipe would do, masked. */
  plan(recipe: Recipe, inputs: Readonly<Record<string, Json>>, cloud: LessonCloud): Promise<Plan>
  /** Makes a place where a shell finds variables, where that is right for the cloud. */
  openShellFile?(cloud: LessonCloud): Promise<ShellFile | undefined>
}

/** What a session does for its page. */
type LessonAction = Exclude<PageAction, { readonly type: 'leave' }>

/** One page: the recipe that it has open, its run, and its cloud. */
export type Session = {
  /** Tells a browser all that happened since the recipe was opened, and all that happens. */
  listen(stream: EventStream): Promise<void>
  readonly isHeard: boolean
  /** Does what a page asks for; what stands in its way is told to the page. */
  act(action: LessonAction): Promise<void>
  /** Ends the run, cleans up and closes the cloud. Gives what could not be cleaned up. */
  close(): Promise<readonly Problem[]>
}

type Opened = OpenedRecipe & Pick<OpenedLesson, 'lesson'>

/** Makes a session that has nothing open. */
export function createSession(options: SessionOptions): Session {
  const { recipes } = options
  const audience = createAudience()
  const { tell } = audience
  const place = createPlace(tell, options.openShellFile)
  const clouds = options.clouds()
  const runs = createRuns(options, tell, place)
  // What changes the run comes one after the other.
  let last: Promise<void> = Promise.resolve()
  let opened: Opened | undefined

  const open = async (lesson: number, texts: Opened['texts']): Promise<void> => {
    const recipe = recipes[lesson]
    if (recipe === undefined) throw new OsrunError('USAGE_INVALID', `There is no recipe ${lesson}.`)
    await runs.end()
    const cloud = await clouds.openFor(recipe)
    await place.enter(cloud)
    const plan = await options.plan(recipe, knownInputs(recipe, { flags: texts }), cloud)
    opened = { lesson, recipe, texts }
    tell({ type: 'opened', ...openedLesson(recipe, lesson, plan) })
    place.tellFaults()
    tell({ type: 'state', state: { at: 'start' } })
  }
  const reopen = async (): Promise<void> => opened && open(opened.lesson, opened.texts)
  const go = async (how: 'one' | 'all'): Promise<void> => {
    if (runs.goOn(how)) return
    if (runs.isOver) await reopen()
    if (opened !== undefined) runs.start(opened, how)
  }
  const perform = async (action: LessonAction): Promise<void> => {
    switch (action.type) {
      case 'open':
        return open(action.lesson, action.inputs ?? {})
      case 'reset':
        return reopen()
      case 'step':
        return go('one')
      case 'all':
        return go('all')
      case 'check':
        return opened && runs.check(opened, action.answer)
      case 'answer':
        return runs.answer()
      case 'break':
        return place.cloud?.faults?.on(action.fault, action.value)
      case 'mend':
        return place.cloud?.faults?.off(action.fault)
      default:
        action satisfies never
    }
  }
  const session: Session = {
    get isHeard() {
      return !audience.isEmpty
    },
    listen(stream) {
      const isFirst = opened === undefined && audience.isEmpty
      const gone = audience.listen(stream, { type: 'lessons', lessons: recipes.map(lessonOf) })
      if (isFirst) void session.act({ type: 'open', lesson: 0 })
      return gone
    },
    act(action) {
      last = last.then(async () => {
        try {
          await perform(action)
        } catch (error) {
          // A switch that was not taken goes back.
          if (action.type === 'break') place.tellFaults()
          tell({ type: 'problem', problem: toProblem(error) })
        }
      })
      return last
    },
    async close() {
      audience.end()
      runs.abortCheck()
      const ending = last.then(runs.end)
      // A question or a step that waits would hold up what comes before.
      void runs.interrupt()
      await ending
      await place[Symbol.asyncDispose]()
      await clouds[Symbol.asyncDispose]()
      return runs.leftovers
    },
  }
  return session
}

function openedLesson({ steps, practice }: Recipe, lesson: number, plan: Plan): OpenedLesson {
  const quizzes = Object.fromEntries(
    steps.flatMap(({ id, quiz }) => (quiz === undefined ? [] : [[id, quiz]])),
  )
  if (practice === undefined) return { lesson, plan, quizzes }
  const { task, hint, question } = practice
  return { lesson, plan, quizzes, practice: { task, hint, question } }
}

function lessonOf({ name, description, tags, file }: Recipe, id: number): Lesson {
  return { id, name, ...(description !== undefined && { description: description.trim() }), tags, file }
}
