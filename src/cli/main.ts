import { errorCodes } from '../model/error-codes.ts'
import { toProblem } from '../model/problem.ts'

/**
 * Runs the command line and gives back the exit status.
 *
 * @param argv the words after `osrun`
 */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that goes away, as `head` does, is no fault to report.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  try {
    const { runProgram } = await import('./program.ts')
    return await runProgram(argv)
  } catch (error) {
    const { printError } = await import('./print-error.ts')
    printError(error)
    return errorCodes[toProblem(error).code].exit
  }
}
