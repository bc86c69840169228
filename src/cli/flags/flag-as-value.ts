import type { Command } from 'commander'
import { OsrunError } from '../../model/problem.ts'

/**
 * Throws USAGE_INVALID when a flag that needs a value is followed by another flag: `--cloud --jobs 8` has forgotten the
 * cloud. Commander would look for one of the name "--jobs".
 */
export function refuseFlagAsValue(argv: readonly string[], program: Command): void {
  const [name] = argv
  const command = program.commands.find((one) => one.name() === name) ?? runOf(program)
  const flagOf = (word: string | undefined): (typeof command.options)[number] | undefined =>
    command.options.find(({ long, short }) => word !== undefined && (word === long || word === short))
  const end = argv.indexOf('--')
  const words = end === -1 ? argv : argv.slice(0, end)
  words.forEach((word, index) => {
    const next = words[index + 1]
    const flag = flagOf(word)
    if (next === undefined || flag?.required !== true || flagOf(next) === undefined) return
    throw new OsrunError('USAGE_INVALID', `${word} needs a value, and "${next}" is a flag of its own.`, {
      hint: `If the value is to be ${next}, write ${flag.long}=${next}.`,
    })
  })
}

// `osrun RECIPE` is `osrun run RECIPE`.
function runOf(program: Command): Command {
  return program.commands.find((one) => one.name() === 'run') ?? program
}
