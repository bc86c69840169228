import type { Argument, Command, Option } from 'commander'
import { findConfigFile } from '../../openstack/config/find-config-file.ts'
import { reportKinds } from '../../report/index.ts'
import { faultNames } from '../flags/fault-flag.ts'
import type { Io } from '../io.ts'
import { cardNames, lessonNames } from '../learn/lessons.ts'
import { fileSourcesOf } from '../open/file-sources.ts'
import { shippedNames } from '../recipes/shipped.ts'
import { visibleCommands } from '../visible-commands.ts'
import type { Candidate } from './command-line.ts'
import { type CommandLine, readCommandLine } from './command-line.ts'
import { recipeInputs } from './recipe-inputs.ts'

/** What could stand where a command line is being written. */
export type Completion = {
  readonly candidates: readonly Candidate[]
  /** The shell is to offer names of files as well: any, or recipes and folders. */
  readonly files?: 'any' | 'recipes'
}

/** Completes the last of the words after `osrun`, by the same table of commands and flags that runs them. */
export async function complete(program: Command, words: readonly string[], io: Io): Promise<Completion> {
  const line = readCommandLine(program, words)
  const found = await (line.option === undefined
    ? wordsAt(program, line, io)
    : valuesOf(line.option, line, io))
  const candidates = found.candidates
    .filter(({ word }) => word.startsWith(line.word))
    .map(({ word, meaning }) => ({ word: `${line.before}${word}`, meaning }))
  return { ...found, candidates }
}

async function wordsAt(program: Command, line: CommandLine, io: Io): Promise<Completion> {
  const { command, word, flagsOver } = line
  if (!flagsOver && word.startsWith('-'))
    return {
      candidates: [program, command ?? byDefault(program)].flatMap((one, index) =>
        index === 0 && command !== undefined ? [] : flagsOf(one),
      ),
    }
  if (command === undefined) {
    const commands = visibleCommands(program).map((one) => ({ word: one.name(), meaning: one.description() }))
    const help = { word: 'help', meaning: 'help for a command' }
    return { candidates: [...commands, help, ...(await shippedFor(word))], files: 'recipes' }
  }
  if (line.operands[0] === 'help' && command === byDefault(program))
    return {
      candidates: visibleCommands(program).map((one) => ({ word: one.name(), meaning: one.description() })),
    }
  const expected = command.registeredArguments[line.operands.length] ?? repeated(command)
  if (expected === undefined) return { candidates: [] }
  if (expected.argChoices !== undefined) return { candidates: plain(expected.argChoices) }
  if (command.name() === 'learn') {
    const names = await (line.flags.includes('--cards') ? cardNames(io) : lessonNames(io))
    return { candidates: plain(names), files: 'recipes' }
  }
  if (/recipe/.test(expected.name())) return { candidates: await shippedFor(word), files: 'recipes' }
  return /file|folder|path/.test(expected.name()) ? { candidates: [], files: 'any' } : { candidates: [] }
}

// Those in folders come when their folder has been begun: sixty names would hide the others.
async function shippedFor(word: string): Promise<readonly Candidate[]> {
  const names = await shippedNames()
  return plain(word === '' ? names.filter((name) => !name.includes('/')) : names)
}

function byDefault(program: Command): Command {
  return program.commands.find((one) => one.name() === 'run') ?? program
}

function repeated(command: Command): Argument | undefined {
  const last = command.registeredArguments.at(-1)
  return last?.variadic === true ? last : undefined
}

function flagsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) =>
      long === undefined || long === null ? [] : [{ word: long, meaning: description }],
    )
}

async function valuesOf(option: Option, line: CommandLine, io: Io): Promise<Completion> {
  if (option.argChoices !== undefined) return { candidates: plain(option.argChoices) }
  switch (option.long) {
    case '--interface':
      return { candidates: plain(['public', 'internal', 'admin']) }
    case '--cloud':
      return { candidates: plain(await cloudNames(io)) }
    case '--report':
      return line.word.includes('=')
        ? { candidates: [], files: 'any' }
        : { candidates: reportKinds.map(({ kind, summary }) => ({ word: `${kind}=`, meaning: summary })) }
    case '--fault':
      return { candidates: await faultNames() }
    case '--input':
      return { candidates: await recipeInputs(line.operands, line.word, io) }
    default:
      return /<file>|<folder>/.test(option.flags) ? { candidates: [], files: 'any' } : { candidates: [] }
  }
}

function plain(words: readonly string[]): readonly Candidate[] {
  return words.map((word) => ({ word, meaning: '' }))
}

/** The names of the clouds in clouds.yaml, and nothing else of that file. */
async function cloudNames(io: Io): Promise<readonly string[]> {
  const file = await findConfigFile('clouds', fileSourcesOf(io), () => {})
  return file?.map('clouds')?.keys() ?? []
}
