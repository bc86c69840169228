import { createInterface, type Interface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import type { Again, Gate, Stop } from '../../model/gate.ts'
import type { Plan } from '../../model/plan.ts'
import { OsrunError, toProblem } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { Output } from '../../model/reporter.ts'
import { problemText } from '../../report/text/problem-text.ts'
import { visible } from '../../util/text/visible.ts'
import { stateFolder } from '../files/state-folder.ts'
import type { Io, OutputStream } from '../io.ts'
import { outputOf } from '../terminal/output.ts'
import { unshielded } from '../terminal/shield.ts'
import { onFailure } from './breaks.ts'
import { completePrompt, promptCommand } from './commands.ts'
import { readHistory, writeHistory } from './history.ts'

/** What a prompt needs of the command line around it. */
export type PromptOptions = {
  /** The ids of steps to stop at, and `failure`. */
  readonly breaks: readonly string[]
  readonly talk: OutputStream
  /** Loads the recipe of that file anew, as the command line means it. */
  reload(file: string): Promise<Recipe>
  /** What a recipe would do, masked. */
  plan(recipe: Recipe): Promise<Plan>
}

/** A gate that asks on the terminal; throws USAGE_INVALID where there is none. */
export function createPrompt({ breaks, talk, reload, plan }: PromptOptions, io: Io): Gate {
  if (io.stdin.isTTY !== true || talk.isTTY !== true)
    throw new OsrunError('USAGE_INVALID', '--break asks what to do, and there is no terminal to ask on.', {
      hint: 'Leave it out where nobody can answer; reports tell what failed.',
    })
  const stops = new Set(breaks)
  let isStepping = false
  const say = (text: string): void => {
    talk.write(`${text.split('\n').map(visible).join('\n')}\n`)
  }
  const stopAt = async (at: Stop, hasRun: boolean): Promise<'go' | 'quit' | Again> => {
    const { recipe, step } = at
    // What has happened so far is on its way to the terminal.
    await setImmediate()
    say(
      `${hasRun ? 'stopped, since it did not pass:' : 'stopped before'} ${step.id} (${step.at.file}:${step.at.line}); help lists commands`,
    )
    return converse(io, talk, {
      at,
      hasRun,
      async reread() {
        const edited = await reload(step.at.file)
        if (!edited.steps.some(({ id }) => id === step.id))
          throw new OsrunError('USAGE_INVALID', `The recipe has no step "${step.id}" any more.`, {
            hint: 'Give the step that id again; `where` shows the steps as they were.',
          })
        return { recipe: edited, step: step.id }
      },
      async planned() {
        const { steps } = await plan(recipe)
        return steps.find(({ id }) => id === step.id)?.requests.map(({ curl }) => curl) ?? []
      },
      say: (text) => say(at.mask(text)),
      stopAtNext(yes) {
        isStepping = yes
      },
    })
  }
  return {
    async before(at) {
      const isStop = isStepping || stops.has(at.step.id)
      return isStop && !at.signal.aborted ? stopAt(at, false) : 'go'
    },
    async after(at, { result }) {
      const isStop = 'problem' in result && (isStepping || stops.has(onFailure))
      return isStop && !at.signal.aborted ? stopAt(at, true) : 'go'
    },
  }
}

type Session = Parameters<NonNullable<ReturnType<typeof promptCommand>>['run']>[0]

async function converse(
  io: Io,
  talk: OutputStream,
  given: Omit<Session, 'signal'>,
): Promise<'go' | 'quit' | Again> {
  const { at } = given
  const folder = stateFolder('prompt', io)
  let lines = await readHistory(folder)
  const quitting = new AbortController()
  const terminal = createInterface({
    input: io.stdin,
    output: unshielded(talk),
    history: lines,
    completer: (line: string) => completePrompt(line, at),
  })
  const quit = (): void => quitting.abort()
  // A terminal that goes away is an error.
  terminal.on('SIGINT', quit).on('close', quit).on('error', quit)
  terminal.on('history', (kept: readonly string[]) => {
    lines = [...kept]
  })
  at.signal.addEventListener('abort', quit)
  if (at.signal.aborted) quit()
  try {
    for (;;) {
      const line = await question(terminal, quitting.signal)
      if (line === undefined) return 'quit'
      const decision = await obey(line, outputOf(talk, io), { ...given, signal: quitting.signal })
      if (decision !== undefined) return decision
      await setImmediate()
    }
  } finally {
    at.signal.removeEventListener('abort', quit)
    terminal.close()
    // A history that cannot be kept is no reason to stop.
    await writeHistory(folder, lines, at.mask).catch(() => {})
  }
}

async function obey(
  line: string,
  { write, color, width }: Output,
  session: Session,
): Promise<'go' | 'quit' | Again | undefined> {
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(line.trim()) ?? []
  if (word === '') return undefined
  const command = promptCommand(word)
  if (command === undefined) {
    session.say(`There is no command ${word}; help lists them.`)
    return undefined
  }
  try {
    return await command.run(session, rest)
  } catch (error) {
    const problems = error instanceof OsrunError ? error.problems : [toProblem(error)]
    for (const problem of problems) write(`${session.at.mask(problemText(problem, { color, width }))}\n`)
    return undefined
  }
}

// A line; undefined when whoever is asked wants to leave, or the run is to end.
function question(terminal: Interface, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const leave = (): void => resolve(undefined)
    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave, { once: true })
    terminal.question('(osrun) ', (line) => {
      signal.removeEventListener('abort', leave)
      resolve(line)
    })
  })
}
