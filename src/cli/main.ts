import { errorCodes } from '../model/error-codes.ts'
import { toProblem } from '../model/problem.ts'
import type { Io } from './io.ts'
import { listenForOutputTrouble } from './terminal/output-trouble.ts'
import { shield } from './terminal/shield.ts'

/**
 * Runs the command line and gives back the exit status. What it opens is closed by then.
 *
 * @param argv the words after `osrun`
 * @param given the machine around it
 */
export async function main(argv: readonly string[], given: Io): Promise<number> {
  const io = shield(given)
  const output = listenForOutputTrouble(io)
  return output.settle(await statusOf(argv, io))
}

async function statusOf(argv: readonly string[], io: Io): Promise<number> {
  try {
    const { runProgram } = await import('./program.ts')
    return await runProgram(argv, io)
  } catch (error) {
    const { printError } = await import('./terminal/print-error.ts')
    printError(error, io)
    return errorCodes[toProblem(error).code].exit
  }
}
