import { Command, CommanderError, type OutputConfiguration } from 'commander'
import { exitStatuses } from '../model/error-codes.ts'
import { OsrunError } from '../model/problem.ts'
import { nearest } from '../util/text/nearest.ts'
import { catalogCommand } from './commands/catalog.ts'
import { checkCommand } from './commands/check.ts'
import { cloudCommand } from './commands/cloud.ts'
import { diffCommand } from './commands/diff.ts'
import { docsCommand } from './commands/docs.ts'
import { explainCommand } from './commands/explain.ts'
import { exportCommand } from './commands/export.ts'
import { importCommand } from './commands/import.ts'
import { learnCommand } from './commands/learn.ts'
import { listCommand } from './commands/list.ts'
import { newCommand } from './commands/new.ts'
import { runCommand } from './commands/run.ts'
import { sandboxCommand } from './commands/sandbox.ts'
import { schemaCommand } from './commands/schema.ts'
import { smokeCommand } from './commands/smoke.ts'
import { sweepCommand } from './commands/sweep.ts'
import { completeCommand } from './completion/complete-command.ts'
import { completionCommand } from './completion/completion-command.ts'
import { refuseFlagAsValue } from './flags/flag-as-value.ts'
import type { CommandContext, Io } from './io.ts'
import { version } from './version.ts'
import { visibleCommands } from './visible-commands.ts'

/** The commands, in the order of the help text; a new one is a file and a line here. */
const commands = [
  runCommand,
  learnCommand,
  smokeCommand,
  listCommand,
  sweepCommand,
  checkCommand,
  explainCommand,
  diffCommand,
  exportCommand,
  docsCommand,
  importCommand,
  newCommand,
  cloudCommand,
  catalogCommand,
  sandboxCommand,
  schemaCommand,
  completionCommand,
]

/** Makes the whole command line. */
export function createProgram(context: CommandContext): Command {
  const { io } = context
  const program = new Command('osrun')
    .description('Runs YAML recipes against OpenStack APIs and prints the equivalent curl of every request.')
    .version(version, '-V, --version')
    .helpOption('-h, --help')
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput(helpOutputOf(io))
    .addHelpText('after', afterHelp)
  for (const make of commands) {
    const command = make(context).exitOverride().configureOutput(helpOutputOf(io))
    program.addCommand(command, { isDefault: command.name() === 'run' })
  }
  program.addCommand(completeCommand(program, io), { hidden: true })
  return program
}

// A help text goes where all texts of the command line go; what is wrong with a command line is told by whoever runs it.
function helpOutputOf({ stdout }: Io): OutputConfiguration {
  return {
    writeOut: (text) => void stdout.write(text),
    getOutHelpWidth: () => (stdout.isTTY === true && stdout.columns) || 80,
    getOutHasColors: () => false,
    outputError: () => {},
  }
}

/** Parses and runs; throws OsrunError for wrong usage. */
export async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  let status = 0
  const program = createProgram({
    io,
    setStatus(given) {
      status = given
    },
  })
  if (argv.length === 0) {
    program.outputHelp()
    return 1
  }
  refuseFlagAsValue(argv, program)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return status
  } catch (error) {
    if (!(error instanceof CommanderError)) throw withCommandHint(error, argv[0] ?? '', program)
    if (error.exitCode === 0) return 0
    throw usageError(error, argv, program)
  }
}

function usageError(error: CommanderError, argv: readonly string[], program: Command): OsrunError {
  const message = error.message.replace(/^error: /, '').replace(/\n[\s\S]*$/, '')
  const suggested = /\(Did you mean ([^?]+)\?\)/.exec(error.message)?.[1]
  const command = program.commands.find((one) => one.name() === argv[0]) ?? program
  const unknown = /unknown option '([^']+)'/.exec(message)?.[1]
  const guess =
    suggested ??
    (unknown === undefined
      ? undefined
      : nearest(
          unknown,
          command.options.map(({ long }) => long ?? ''),
        ))
  const help =
    argv.length === 0 ? 'osrun --help' : `osrun ${command === program ? 'run' : command.name()} --help`
  return new OsrunError(
    'USAGE_INVALID',
    `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.?]$/.test(message) ? '' : '.'}`,
    {
      hint: guess === undefined ? `\`${help}\` lists what there is.` : `Did you mean ${guess}?`,
    },
  )
}

// `osrun chek FILE` is read as a run of the recipe "chek".
function withCommandHint(error: unknown, word: string, program: Command): unknown {
  if (!(error instanceof OsrunError) || error.code !== 'RECIPE_UNREADABLE' || !/^[a-z]+$/.test(word))
    return error
  const names = visibleCommands(program).map((command) => command.name())
  const near = names.includes(word) ? undefined : nearest(word, names)
  if (near === undefined) return error
  return new OsrunError('USAGE_INVALID', `There is neither a command nor a recipe "${word}".`, {
    hint: `Did you mean osrun ${near}?`,
  })
}

/** Command lines that show what the program is for, each with a few words. */
export const examples: readonly (readonly [line: string, what: string])[] = [
  ['osrun --sandbox object-metadata', 'a recipe of those that come with osrun, on a built-in cloud'],
  ['osrun --cloud mycloud object-metadata', 'on a cloud of clouds.yaml'],
  ['osrun list', 'the recipes that come with osrun'],
  ['osrun --openrc openrc.sh recipes --report junit=report.xml', 'a folder of recipes, for CI'],
]

const afterHelp = `
Examples:
${examples.map(([line, what]) => `  ${line.padEnd(59)} ${what}`).join('\n')}

Exit status:
${Object.entries(exitStatuses)
  .map(([status, meaning]) => `  ${status.padEnd(3)}  ${meaning}`)
  .join('\n')}`
