import type { LessonCloud } from './lesson-cloud.ts'

/** Variables for shells of this machine. */
export type ShellFile = AsyncDisposable & {
  /** What makes a shell read the variables. */
  readonly command: string
  write(variables: Readonly<Record<string, string>>): Promise<void>
}

/** Keeps the variables of a run where a shell can read them. */
export type ShellLine = AsyncDisposable & {
  /** Writes the variables; one after the other, so that the last ones stay. */
  write(variables: Readonly<Record<string, string>>): void
}

/** What a shell line is made with. */
export type ShellLineParts = {
  readonly cloud: LessonCloud
  /** Makes the place, where that is right for the cloud. */
  open(cloud: LessonCloud): Promise<ShellFile | undefined>
  /** Told the line that gives a shell the variables. */
  onWritten(command: string): void
  onTrouble(error: unknown): void
}

/** Makes a place for variables when there are some; it goes when this is disposed of. */
export function createShellLine({ cloud, open, onWritten, onTrouble }: ShellLineParts): ShellLine {
  let file: Promise<ShellFile | undefined> | undefined
  let written: Promise<void> = Promise.resolve()
  const writeNow = async (variables: Readonly<Record<string, string>>): Promise<void> => {
    try {
      file ??= open(cloud)
      const opened = await file
      await opened?.write(variables)
      if (opened !== undefined) onWritten(opened.command)
    } catch (error) {
      onTrouble(error)
    }
  }
  return {
    write(variables) {
      written = written.then(() => writeNow(variables))
    },
    async [Symbol.asyncDispose]() {
      await written
      await (await file?.catch(() => undefined))?.[Symbol.asyncDispose]()
    },
  }
}
