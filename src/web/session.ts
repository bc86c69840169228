import type { Cloud } from '../model/cloud.ts'
import type { SafeEvent } from '../model/event.ts'
import type { Plan } from '../model/plan.ts'
import { OsrunError, type Problem, toProblem } from '../model/problem.ts'
import type { Json, Recipe } from '../model/recipe.ts'
import { knownInputs, resolveInputs } from '../recipe/resolve-inputs.ts'
import { type RunOptions, runRecipe } from '../run/run-recipe.ts'
import type { EventStream } from './event-stream.ts'
import { type LessonRun, startLessonRun } from './lesson-run.ts'
import type { Lesson, OpenedLesson, PageAction, PageMessage } from './message.ts'

/** A cloud for the runs of one session. */
type LessonCloud = AsyncDisposable & {
  readonly cloud: Cloud
  /** What `${env.NAME}` reads. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Variables for shells of this machine. */
export type ShellFile = AsyncDisposable & {
  /** What makes a shell read the variables. */
  readonly command: string
  write(variables: Readonly<Record<string, string>>): Promise<void>
}

/** What the sessions of a server share. */
export type SessionOptions = {
  readonly recipes: readonly Recipe[]
  /** Opens the cloud of one session, when it first opens a recipe. */
  openCloud(): Promise<LessonCloud>
  /** What a recipe would do, masked. */
  plan(recipe: Recipe, inputs: Readonly<Record<string, Json>>, cloud: LessonCloud): Promise<Plan>
  /** Makes a place where a shell finds variables, where that is right for the cloud. */
  openShellFile?(cloud: LessonCloud): Promise<ShellFile | undefined>
  readonly run: Pick<RunOptions, 'ledger' | 'readOnly' | 'userAgent' | 'abortCleanup'>
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

type Opened = OpenedLesson & {
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
  let shell: Promise<ShellFile | undefined> | undefined
  let written: Promise<void> = Promise.resolve()
  let cloud: Promise<LessonCloud> | undefined
  // What changes the run comes one after the other.
  let last: Promise<void> = Promise.resolve()

  const tell = (message: PageMessage): void => {
    if (message.type === 'opened') history = []
    history.push(message)
    if (history.length > mostKept) history = withoutOldExchanges(history)
    for (const stream of streams) stream.send(message)
  }
  const tellOpened = ({ recipe: _recipe, texts: _texts, ...lesson }: Opened): void =>
    tell({ type: 'opened', ...lesson })
  const told = {
    event(event: SafeEvent) {
      tell({ type: 'event', event })
      options.onEvent?.(event)
    },
    state: (state: LessonRun['state']) => tell({ type: 'state', state }),
    problem: (problem: Problem) => tell({ type: 'problem', problem }),
    variables(values: Readonly<Record<string, string>>) {
      // One after the other: the last one that was told is the one that stays.
      written = written.then(() => writeShell(values))
    },
  }
  const writeShell = async (values: Readonly<Record<string, string>>): Promise<void> => {
    try {
      shell ??= cloud?.then((known) => options.openShellFile?.(known))
      const file = await shell
      await file?.write(values)
      if (file !== undefined) tell({ type: 'shell', command: file.command })
    } catch (error) {
      told.problem(toProblem(error))
    }
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
    // A cloud that could not be opened is tried again.
    cloud ??= options.openCloud()
    const known = await cloud.catch((error: unknown) => {
      cloud = undefined
      throw error
    })
    const plan = await options.plan(recipe, knownInputs(recipe, { flags: texts }), known)
    opened = { ...openedLesson(recipe, lesson, plan), recipe, texts }
    tellOpened(opened)
    told.state({ at: 'start' })
  }
  const go = async (how: 'one' | 'all'): Promise<void> => {
    if (run !== undefined && run.state.at !== 'end') return run[how]()
    if (opened === undefined || cloud === undefined) return
    const { recipe, texts } = opened
    const inputs = resolveInputs(recipe, { flags: texts })
    if (run !== undefined) {
      await endRun()
      tellOpened(opened)
    }
    const { cloud: asked, environment } = await cloud
    const settings = { ...options.run, cloud: asked, environment, inputs, explainCurl: true }
    run = startLessonRun(recipe, settings, told, how)
  }
  const check = async (answer: string | undefined): Promise<void> => {
    const task = opened?.recipe.practice
    if (task === undefined || opened === undefined || cloud === undefined) return
    const given = task.question === undefined ? {} : { answer: answer ?? '' }
    const inputs = resolveInputs(task.check, { flags: { ...opened.texts, ...given } })
    const { cloud: asked, environment } = await cloud
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
      await written
      await (await shell?.catch(() => undefined))?.[Symbol.asyncDispose]()
      await (await cloud?.catch(() => undefined))?.[Symbol.asyncDispose]()
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
