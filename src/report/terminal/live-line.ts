import ora from 'ora'

/** A line that moves while something happens. */
export type LiveLine = { start(text: string): void; stop(): void }

/** Makes a live line on a terminal, that of standard error unless given; it is gone before anything else is written. */
export function createLiveLine(stream?: NodeJS.WritableStream): LiveLine {
  const spinner = ora({ discardStdin: false, hideCursor: true, isEnabled: true, ...(stream && { stream }) })
  return {
    start: (text) => void spinner.start(text),
    stop: () => void spinner.stop(),
  }
}
