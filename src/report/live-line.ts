import ora from 'ora'

/** A line on stderr that moves while something happens. */
export type LiveLine = { start(text: string): void; stop(): void }

/** Makes a live line; it is gone before anything else is written. */
export function createLiveLine(): LiveLine {
  const spinner = ora({ discardStdin: false, hideCursor: true })
  return {
    start: (text) => void spinner.start(text),
    stop: () => void spinner.stop(),
  }
}
