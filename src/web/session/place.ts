import { toProblem } from '../../model/problem.ts'
import type { PageMessage } from '../message.ts'
import type { LessonCloud } from './lesson-cloud.ts'
import { createShellLine, type ShellLine, type ShellLineParts } from './shell-line.ts'

/** Where the runs of one page are: their cloud, its faults, and the variables of a shell that goes along. */
export type Place = AsyncDisposable & {
  /** Undefined before anything was opened. */
  readonly cloud: LessonCloud | undefined
  /** Goes to a cloud; what belonged to the one before is closed. */
  enter(cloud: LessonCloud): Promise<void>
  /** Tells the page which faults are on. */
  tellFaults(): void
  /** Gives the shell its variables. */
  write(variables: Readonly<Record<string, string>>): void
}

/** Makes a place that is nowhere yet. `open` makes the shell's file; without it there is none. */
export function createPlace(
  tell: (message: PageMessage) => void,
  open: ShellLineParts['open'] | undefined,
): Place {
  let cloud: LessonCloud | undefined
  let shell: ShellLine | undefined
  let watching: Disposable | undefined
  const tellFaults = (): void => {
    if (cloud?.faults !== undefined) tell({ type: 'faults', faults: cloud.faults.list() })
  }
  const leave = async (): Promise<void> => {
    await shell?.[Symbol.asyncDispose]()
    shell = undefined
    watching?.[Symbol.dispose]()
  }
  return {
    get cloud() {
      return cloud
    },
    async enter(entered) {
      if (entered === cloud) return
      await leave()
      cloud = entered
      watching = entered.faults?.watch(tellFaults)
      if (open === undefined) return
      const onWritten = (command: string): void => tell({ type: 'shell', command })
      const onTrouble = (error: unknown): void => tell({ type: 'problem', problem: toProblem(error) })
      shell = createShellLine({ cloud, open, onWritten, onTrouble })
    },
    tellFaults,
    write: (variables) => shell?.write(variables),
    [Symbol.asyncDispose]: leave,
  }
}
