import { Command, CommanderError, type OutputConfiguration } from 'commander'
import { exitStatuses } from '../model/error-codes.ts'
import { OsrunError } from '../model/problem.ts'
import { nearest } from '../util/text/nearest.ts'
import { inPackage } from './files/package-folder.ts'
import { refuseFlagAsValue } from './flags/flag-as-value.ts'
import { firstWords, formatItem } from './help.ts'
import type { CommandContext, Io } from './io.ts'
import { version } from './version.ts'

/** Makes a command. */
type MakeCommand = (context: CommandContext) => Command

/** What loads each command, in the order of the help text; a new one is a file and a line here. */
const commands: { readonly [name: string]: () => Promise<MakeCommand> } = {
  run: async () => (await import('./commands/run.ts')).runCommand,
  learn: async () => (await import('./commands/learn.ts')).learnCommand,
  smoke: async () => (await import('./commands/smoke.ts')).smokeCommand,
  list: async () => (await import('./commands/list.ts')).listCommand,
  sweep: async () => (await import('./commands/sweep.ts')).sweepCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  diff: async () => (await import('./commands/diff.ts')).diffCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  docs: async () => (await import('./commands/docs.ts')).docsCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  new: async () => (await import('./commands/new.ts')).newCommand,
  cloud: async () => (await import('./commands/cloud.ts')).cloudCommand,
  catalog: async () => (await import('./commands/catalog.ts')).catalogCommand,
  sandbox: async () => (await import('./commands/sandbox.ts')).sandboxCommand,
  schema: async () => (await import('./commands/schema.ts')).schemaCommand,
  completion: async () => (await import('./completion/completion-command.ts')).completionCommand,
}

/** Makes the whole command line, or the part of it that has one command alone. */
export async function createProgram(context: CommandContext, only?: string): Promise<Command> {
  const { io } = context
  const program = new Command('osrun')
    .description('Runs YAML recipes against OpenStack APIs and prints the equivalent curl of every request.')
    .version(version, '-V, --version')
    .helpOption('-h, --help')
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput(helpOutputOf(io))
    .configureHelp({ formatItem })
    .addHelpText('after', afterHelp)
  for (const [name, load] of Object.entries(commands)) {
    if (only !== undefined && name !== only) continue
    const make = await load()
    const command = make(context)
      .exitOverride()
      .configureOutput(helpOutputOf(io))
      .configureHelp({ formatItem })
    program.addCommand(command, { isDefault: command.name() === 'run' })
  }
  if (only !== undefined) return program
  const { completeCommand } = await import('./completion/complete-command.ts')
  return program.addCommand(completeCommand(program, io), { hidden: true })
}

// A command needs none of the others, which take longer to load than most of them to run. What is no run of a recipe is about all
// of them: a help text, the version, a completion.
function onlyOf(argv: readonly string[]): string | undefined {
  const [word = 'help'] = argv
  if (Object.hasOwn(commands, word)) return word
  const isOfAll = argv.some((one) => /^(-h|--help|-V|--version)$/.test(one))
  return isOfAll || word === 'help' || word === '__complete' ? undefined : 'run'
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
  const setStatus = (given: number): void => {
    status = given
  }
  const program = await createProgram({ io, setStatus }, onlyOf(argv))
  if (argv.length === 0) {
    io.stdout.write(firstWords(beginnings, inPackage('docs')))
    return 1
  }
  refuseFlagAsValue(argv, program)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return status
  } catch (error) {
    if (!(error instanceof CommanderError)) throw withCommandHint(error, argv[0] ?? '')
    // For `help COMMAND` commander takes the status of the process, which is no status of osrun's.
    if (error.exitCode === 0 || error.code === 'commander.help') return 0
    throw usageError(error, argv, program)
  }
}

function usageError(error: CommanderError, argv: readonly string[], program: Command): OsrunError {
  const message = error.message.replace(/^error: /, '').replace(/\n[\s\S]*$/, '')
  const suggested = /\(Did you mean ([^?]{1,100})\?\)/.exec(error.message)?.[1]
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
function withCommandHint(error: unknown, word: string): unknown {
  if (!(error instanceof OsrunError) || error.code !== 'RECIPE_UNREADABLE' || !/^[a-z]+$/.test(word))
    return error
  const names = Object.keys(commands)
  const near = names.includes(word) ? undefined : nearest(word, names)
  if (near === undefined) return error
  return new OsrunError('USAGE_INVALID', `There is neither a command nor a recipe "${word}".`, {
    hint: `Did you mean osrun ${near}?`,
  })
}

/** What one begins with. */
const beginnings = [
  ['osrun --sandbox object-metadata', 'a recipe, on the cloud that is built in'],
  ['osrun list', 'the recipes that come with osrun'],
  ['osrun learn', 'a course, step by step'],
  ['osrun smoke --cloud mycloud', 'check a cloud of clouds.yaml'],
  ['osrun new first.yaml', 'a recipe to begin with'],
] as const

/** Command lines that show what the program is for, each with a few words. */
export const examples: readonly (readonly [line: string, what: string])[] = [
  ['osrun --sandbox object-metadata', 'on the built-in cloud'],
  ['osrun --cloud mycloud object-metadata', 'one of clouds.yaml'],
  ['osrun list', 'recipes of osrun'],
  ['osrun --openrc rc.sh checks --report junit=r.xml', 'a folder, for CI'],
]

const afterHelp = `
Examples:
${examples.map(([line, what]) => `  ${line.padEnd(50)} ${what}`).join('\n')}

Exit status:
${Object.entries(exitStatuses)
  .map(([status, meaning]) => `  ${status.padEnd(3)}  ${meaning}`)
  .join('\n')}`
