import type { SafeEvent } from '../model/event.ts'
import type { Plan } from '../model/plan.ts'
import { OsrunError, type Problem, toProblem } from '../model/problem.ts'
import type { Json, Recipe } from '../model/recipe.ts'
import { knownInputs, resolveInputs } from '../recipe/choose/resolve-inputs.ts'
import type { RunOptions } from '../run/recipe/run-options.ts'
import { runRecipe } from '../run/recipe/run-recipe.ts'
import type { EventStream } from './event-stream.ts'
import type { LessonCloud, LessonClouds } from './lesson-cloud.ts'
import { type LessonRun, startLessonRun } from './lesson-run.ts'
import type { Lesson, OpenedLesson, PageAction, PageMessage } from './message.ts'
import { createShellLine, type ShellFile, type ShellLine } from './shell-line.ts'

/** What the sessions of a server share. */
export type SessionOptions = {
  readonly recipes: readonly Recipe[]
  /** Makes the clouds of one session. */
  clouds(): LessonClouds
  /** What a recipe would do, masked. */
  plan(recipe: Recipe, inputs: Readonly<Record<string, Json>>, cloud: LessonCloud): Promise<Plan>
  /** Makes a place where a shell finds variables, where that is right for the cloud. */
  openShellFile?(cloud: LessonCloud): Promise<ShellFile | undefined>
  readonly run: Pick<
    RunOptions,
    'allowFiles' | 'allowOrigins' | 'ledger' | 'readOnly' | 'userAgent' | 'abortCleanup'
  >
  /** Is told all that happens in the runs of all sessions. */
  readonly onEvent?: ((event: SafeEvent) => void) | undefined
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

/** How many messages are kept for a page that is loaded again; of a longer run the first exchanges are not. */
const mostKept = 2000

type Opened = Pick<OpenedLesson, 'lesson'> & {
  readonly recipe: Recipe
  readonly texts: Readonly<Record<string, string>>
}

/** Makes a session that has nothing open. */
export function createSession(options: SessionOptions): Session {
  const { recipes } = options
  const streams = new Set<EventStream>()
  const leftovers: Problem[] = []
  const closing = new AbortController()
  let history: PageMessage[] = []
  let opened: Opened | undefined
  let run: LessonRun | undefined
  const clouds = options.clouds()
  let cloud: LessonCloud | undefined
  let shell: ShellLine | undefined
  let watching: Disposable | undefined
  // What changes the run comes one after the other.
  let last: Promise<void> = Promise.resolve()

  const tell = (message: PageMessage): void => {
    if (message.type === 'opened') history = []
    history.push(message)
    if (history.length > mostKept) history = withoutOldExchanges(history)
    for (const stream of streams) stream.send(message)
  }
  const told = {
    event(event: SafeEvent) {
      tell({ type: 'event', event })
      options.onEvent?.(event)
    },
    state: (state: LessonRun['state']) => tell({ type: 'state', state }),
    problem: (problem: Problem) => tell({ type: 'problem', problem }),
    variables: (values: Readonly<Record<string, string>>) => shell?.write(values),
  }
  const closeShell = async (): Promise<void> => {
    await shell?.[Symbol.asyncDispose]()
    shell = undefined
  }
  const tellFaults = (): void => {
    if (cloud?.faults !== undefined) tell({ type: 'faults', faults: cloud.faults.list() })
  }
  const enter = async (place: LessonCloud): Promise<void> => {
    if (place === cloud) return
    await closeShell()
    cloud = place
    watching?.[Symbol.dispose]()
    watching = place.faults?.watch(tellFaults)
    const { openShellFile: open } = options
    if (open === undefined) return
    const onWritten = (command: string): void => tell({ type: 'shell', command })
    const onTrouble = (error: unknown): void => told.problem(toProblem(error))
    shell = createShellLine({ cloud, open, onWritten, onTrouble })
  }
  const endRun = async (): Promise<void> => {
    await run?.end()
    leftovers.push(...(run?.leftovers ?? []))
    run = undefined
  }
  const open = async (lesson: number, texts: Readonly<Record<string, string>>): Promise<void> => {
    const recipe = recipes[lesson]
    if (recipe === undefined) throw new OsrunError('USAGE_INVALID', `There is no recipe ${lesson}.`)
    await endRun()
    const place = await clouds.openFor(recipe)
    await enter(place)
    const plan = await options.plan(recipe, knownInputs(recipe, { flags: texts }), place)
    opened = { lesson, recipe, texts }
    tell({ type: 'opened', ...openedLesson(recipe, lesson, plan) })
    tellFaults()
    told.state({ at: 'start' })
  }
  const go = async (how: 'one' | 'all'): Promise<void> => {
    if (run !== undefined && run.state.at !== 'end') return run[how]()
    if (run !== undefined && opened !== undefined) await open(opened.lesson, opened.texts)
    if (opened === undefined || cloud === undefined) return
    const { recipe, texts } = opened
    const inputs = resolveInputs(recipe, { flags: texts })
    const { cloud: asked, environment } = cloud
    const settings = { ...options.run, cloud: asked, environment, inputs, explainCurl: true }
    run = startLessonRun(recipe, settings, told, how)
  }
  const check = async (answer: string | undefined): Promise<void> => {
    const task = opened?.recipe.practice
    if (task === undefined || opened === undefined || cloud === undefined) return
    const given = task.question === undefined ? {} : { answer: answer ?? '' }
    const inputs = resolveInputs(task.check, { flags: { ...opened.texts, ...given } })
    const { cloud: asked, environment } = cloud
    const settings = { ...options.run, cloud: asked, environment, inputs, signal: closing.signal }
    const { exit, problem } = await runRecipe(task.check, settings).result
    // Found and expected would give the answer away.
    const hides = task.question !== undefined && (exit === 4 || exit === 5)
    tell({ type: 'practice', isDone: exit === 0, ...(problem && !hides && { problem }) })
  }
  const perform = async (action: LessonAction): Promise<void> => {
    switch (action.type) {
      case 'open':
        return open(action.lesson, action.inputs ?? {})
      case 'reset':
        return opened && open(opened.lesson, opened.texts)
      case 'step':
        return go('one')
      case 'all':
        return go('all')
      case 'check':
        return check(action.answer)
      case 'answer':
        return run?.answer()
      case 'break':
        return cloud?.faults?.on(action.fault, action.value)
      case 'mend':
        return cloud?.faults?.off(action.fault)
      default:
        action satisfies never
    }
  }
  const session: Session = {
    get isHeard() {
      return streams.size > 0
    },
    async listen(stream) {
      const isFirst = opened === undefined && streams.size === 0
      stream.send({ type: 'lessons', lessons: recipes.map(lessonOf) } satisfies PageMessage)
      for (const message of history) stream.send(message)
      streams.add(stream)
      if (isFirst) void session.act({ type: 'open', lesson: 0 })
      await stream.closed
      streams.delete(stream)
    },
    act(action) {
      last = last.then(async () => {
        try {
          await perform(action)
        } catch (error) {
          // A switch that was not taken goes back.
          if (action.type === 'break') tellFaults()
          told.problem(toProblem(error))
        }
      })
      return last
    },
    async close() {
      for (const stream of streams) stream.end()
      closing.abort()
      const ending = last.then(endRun)
      // A question or a step that waits would hold up what comes before.
      void run?.end()
      await ending
      await closeShell()
      watching?.[Symbol.dispose]()
      await clouds[Symbol.asyncDispose]()
      return leftovers
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

function withoutOldExchanges(history: readonly PageMessage[]): PageMessage[] {
  const isExchange = (message: PageMessage): boolean =>
    message.type === 'event' && /^(exchange|poll|notice)$/.test(message.event.type)
  const kept = history.filter((message, index) => index >= mostKept / 2 || !isExchange(message))
  return kept.length > mostKept ? [...kept.slice(0, 1), ...kept.slice(-mostKept / 2)] : kept
}
