import { errorCodes } from '../model/error-codes.ts'
import { toProblem } from '../model/problem.ts'
import { rememberTerminals } from './gone-terminal.ts'
import { listenForOutputTrouble } from './output-trouble.ts'

/**
 * Runs the command line and gives back the exit status.
 *
 * @param argv the words after `osrun`
 */
export async function main(argv: readonly string[]): Promise<number> {
  const leaveTerminals = rememberTerminals()
  const output = listenForOutputTrouble(process)
  const status = await output.settle(await statusOf(argv))
  leaveTerminals()
  return status
}

async function statusOf(argv: readonly string[]): Promise<number> {
  try {
    const { runProgram } = await import('./program.ts')
    return await runProgram(argv)
  } catch (error) {
    const { printError } = await import('./print-error.ts')
    printError(error)
    return errorCodes[toProblem(error).code].exit
  }
}
